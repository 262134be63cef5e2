def converter(options):
    return None
