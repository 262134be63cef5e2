"""What the layers and models of Keras stand on."""
