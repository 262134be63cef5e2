"""From TensorFlow's first control flow (Switch, Merge, Enter, Exit, ...) to loops and branches that hold their nodes.

In a graph that TensorFlow 1.x wrote, a loop is a frame: `Enter` nodes lead in, for each loop variable a `Merge` takes the value
that came in or the one of `NextIteration`, a `Switch` on the `LoopCond` lets it into the body or to an `Exit`.  A branch is what
depends on one output of a `Switch`; a `Merge` takes the value of the branch that ran.  `structure` finds both and gives a list of
nodes, `Loop`s and `Branches` without any of these ops.

A tensor is a pair here: the name of its node and the number of the output.
"""

_ENTERS, _EXITS = ("Enter", "RefEnter"), ("Exit", "RefExit")
_SWITCHES, _MERGES = ("Switch", "RefSwitch"), ("Merge", "RefMerge")
_NEXTS = ("NextIteration", "RefNextIteration")
_IDENTITIES = ("Identity", "RefIdentity")
CONTROL_FLOW = frozenset((*_ENTERS, *_EXITS, *_SWITCHES, *_MERGES, *_NEXTS, "LoopCond"))


class Irreducible(Exception):
    """Nodes that make no loops and branches; the text says why."""


class Loop:
    """A loop.

    Attributes:
      name: the name of its frame.
      provides: the names of its `Exit` nodes.
      inputs: the outer tensors that it takes; `controls` names of outer nodes that it waits for.
      initial: for each loop variable the outer tensor with which it begins.
      aliases: tensor of the plumbing -> number of the loop variable, or the outer tensor that it stands for.
      plumbing: the names of the nodes that are no more.
      condition: what computes the condition: a list as `structure` gives; `predicate` is its result.
      body: what computes a turn: a list as `structure` gives.
      variables: for each loop variable the name of its `Merge`.
      results: for each loop variable its new value and the names of the nodes of the body that must have run then.
      exits: name of an `Exit` -> number of the loop variable.
      parallel_iterations: as in `tf.while_loop`.
    """

    def __init__(self, name):
        self.name = name
        self.provides, self.inputs, self.controls = [], [], []


class Branches:
    """A branch for true and one for false.

    Attributes:
      name: a name for the node.
      provides: the names of its `Merge` nodes and of those inside whose values or effects are used outside.
      inputs: the outer tensors that it takes; `controls` names of outer nodes that it waits for.
      predicate: the outer tensor that chooses.
      aliases: tensor of a `Switch` -> the outer tensor that it stands for.
      plumbing: the names of the nodes that are no more.
      parts: branch (False, True) -> a list as `structure` gives.
      merges: name of a `Merge` -> branch -> (the tensor that it takes then, its number among the inputs).
      merge_controls: name of a `Merge` -> names of nodes outside that it waits for.
      kept: tensor inside that is used outside, branch.
      effects: branch -> the names of nodes inside for which outer nodes wait.
    """

    def __init__(self, predicate):
        self.predicate = predicate
        self.name = ""
        self.provides, self.inputs, self.controls = [], [], []
        self.aliases, self.plumbing = {}, set()
        self.parts = {False: [], True: []}
        self.merges, self.merge_controls, self.kept = {}, {}, []
        self.effects = {False: [], True: []}


def has_control_flow(nodes):
    return any(n.op in CONTROL_FLOW for n in nodes)


def structure(nodes):
    """The nodes with loops and branches in the place of control flow ops.

    Args:
      nodes: a list of `Node`s.

    Raises:
      Irreducible: they make no loops and branches.
    """
    for node in nodes:
        if not _has_right_count(node):
            raise Irreducible("node %r has %d inputs" % (node.name, len(node.inputs)))
    by_name = {n.name: n for n in nodes}
    frames = _frames(nodes, by_name)
    members = {}  # frame -> its nodes and the loops right inside
    for node in nodes:
        members.setdefault(frames[node.name], []).append(node)
    members.setdefault((), [])
    for frame in sorted((f for f in members if f), key=len, reverse=True):
        entering = [n for n in nodes if n.op in _ENTERS and frames[n.name] + (_frame_name(n),) == frame]
        loop = _Frame(frame, entering, members.pop(frame)).loop()
        outer = members.setdefault(frame[:-1], [])
        outer[:] = [n for n in outer if n not in entering] + [loop]
    return _with_branches(members[()], {})


def _has_right_count(node):
    """Whether a node has as many inputs as an op of control flow, or one that passes something on, must have."""
    if node.op in _SWITCHES:
        return len(node.inputs) == 2
    if node.op in _MERGES:
        return bool(node.inputs)
    return len(node.inputs) == 1 or node.op not in CONTROL_FLOW and node.op not in _IDENTITIES


def _frame_name(enter):
    return enter.proto.attr["frame_name"].s.decode("utf-8", "replace")


def _frames(nodes, by_name):
    """The frame (a tuple of names) of each node; of an `Exit` the frame that it leaves, of an `Enter` the outer one."""
    frames = {}
    for node in _in_order(nodes, by_name):
        found = {_frame_after(by_name[s], frames) for s in _sources(node) if s in frames}
        frame = max(found, key=len, default=())
        if found - {frame}:
            raise Irreducible("node %r has inputs from different frames" % node.name)
        if node.op in _EXITS and not frame:
            raise Irreducible("node %r leaves a loop that nothing enters" % node.name)
        frames[node.name] = frame
    return frames


def _frame_after(node, frames):
    """The frame of a node's outputs."""
    frame = frames[node.name]
    return frame + (_frame_name(node),) if node.op in _ENTERS else frame[:-1] if node.op in _EXITS else frame


def _sources(item):
    """The names of what an item depends on."""
    return [*[name for name, _ in item.inputs], *item.controls]


def _in_order(nodes, by_name):
    """The nodes, each after those that it depends on; what goes through a `NextIteration` doesn't count."""
    waiting, followers = {}, {}
    for node in nodes:
        before = {s for s in _sources(node) if s in by_name and not (node.op in _MERGES and by_name[s].op in _NEXTS)}
        waiting[node.name] = len(before)
        for s in before:
            followers.setdefault(s, []).append(node)
    ready, done = [n for n in reversed(nodes) if not waiting[n.name]], []
    while ready:
        node = ready.pop()
        done.append(node)
        for f in followers.get(node.name, ()):
            waiting[f.name] -= 1
            if not waiting[f.name]:
                ready.append(f)
    if len(done) < len(nodes):
        raise Irreducible("%d nodes in a cycle" % (len(nodes) - len(done)))
    return done


# -------------------------------------------------------------------------------------------------------------------- loops


class _Frame:
    """A frame that is to become a loop.

    Args:
      frame: its path.
      entering: the `Enter` nodes that lead in.
      members: the nodes inside, and the loops and branches right inside.
    """

    def __init__(self, frame, entering, members):
        self.frame, self.entering, self.members = frame, entering, members
        self.named = {n: item for item in members for n in _names(item)}
        self.named.update((n.name, n) for n in entering)

    def loop(self):
        loop = Loop(self.frame[-1])
        conditions = [m for m in self.members if getattr(m, "op", None) == "LoopCond"]
        if len(conditions) != 1:
            raise Irreducible("loop %r has %d conditions" % (loop.name, len(conditions)))
        condition = conditions[0]
        variables = [self._variable(m) for m in self.members if self._is_variable(m)]
        number = {merge.name: i for i, (_, merge, _) in enumerate(variables)}
        loop.initial = [enter.inputs[0] for enter, _, _ in variables]
        loop.variables = [merge.name for _, merge, _ in variables]
        loop.results = [(after.inputs[0], after.controls) for _, _, after in variables]
        loop.aliases = {(name, 0): i for name, i in number.items()}
        loop.plumbing = {n.name for v in variables for n in v} | {condition.name} | {n.name for n in self.entering}
        carried = {enter.name for enter, _, _ in variables}
        for enter in self.entering:
            if enter.name not in carried:
                loop.aliases[enter.name, 0] = enter.inputs[0]
        self._take_switches(loop, condition, number)
        loop.predicate = condition.inputs[0]
        loop.condition = self._closure([loop.predicate[0]], loop)
        loop.body = self._closure([s for (name, _), controls in loop.results for s in (name, *controls)], loop)
        outer = {v: v for v in loop.aliases.values() if isinstance(v, tuple)}
        constants = {k: v for k, v in loop.aliases.items() if v in outer}
        _Level(loop.body, constants).decide([value for value, _ in loop.results])
        loop.results = [(after.inputs[0], after.controls) for _, _, after in variables]
        loop.condition, loop.body = _with_branches(loop.condition, constants), _with_branches(loop.body, constants)
        loop.inputs = list(dict.fromkeys([*loop.initial, *outer]))
        loop.controls = list(dict.fromkeys(c for n in self.entering for c in n.controls))
        loop.parallel_iterations = max([n.proto.attr["parallel_iterations"].i for n in self.entering] or [10])
        return loop

    def _is_variable(self, item):
        return getattr(item, "op", None) in _MERGES and any(
            getattr(self.named.get(name), "op", None) in _NEXTS for name, _ in item.inputs
        )

    def _variable(self, merge):
        """The `Enter`, `Merge` and `NextIteration` of a loop variable."""
        nodes = [self.named.get(name) for name, _ in merge.inputs]
        if len(nodes) != 2 or nodes[0] not in self.entering or nodes[1].op not in _NEXTS:
            raise Irreducible("node %r merges something else than a value and that of the next turn" % merge.name)
        return nodes[0], merge, nodes[1]

    def _take_switches(self, loop, condition, number):
        """Notes what the switches of the loop variables and the nodes that leave the loop stand for."""
        switches = {}
        for m in self.members:
            if getattr(m, "op", None) in _SWITCHES and m.inputs[1][0] == condition.name:
                if m.inputs[0][0] not in number:
                    raise Irreducible("node %r lets something into a loop that is no loop variable" % m.name)
                switches[m.name] = loop.aliases[m.name, 1] = number[m.inputs[0][0]]
        loop.exits = {}
        for m in self.members:
            if getattr(m, "op", None) in _EXITS:
                name, index = self._passed_on(m, switches, loop)
                if name not in switches or index:
                    raise Irreducible("node %r leaves a loop with something that is no loop variable" % m.name)
                loop.exits[m.name] = switches[name]
        inside = [m for m in self.members if m.name not in loop.exits and m.name not in loop.plumbing]
        for m in inside:
            if any(s in switches and not i or s in number and i for s, i in m.inputs):
                raise Irreducible("node %r uses the end of loop %r from inside" % (_label(m), loop.name))
        loop.plumbing |= {*switches, *loop.exits}
        loop.provides = list(loop.exits)

    def _passed_on(self, leaving, switches, loop):
        """The output of a switch that leaves the loop, maybe through operations that pass it on; these become plumbing."""
        tensor = leaving.inputs[0]
        while tensor[0] not in switches and getattr(self.named.get(tensor[0]), "op", None) in _IDENTITIES:
            loop.plumbing.add(tensor[0])
            tensor = self.named[tensor[0]].inputs[0]
        return tensor

    def _closure(self, names, loop):
        """The members on which some nodes depend, those among them."""
        found, stack = set(), list(names)
        while stack:
            name = stack.pop()
            if name in loop.plumbing:
                continue
            item = self.named.get(name)
            if item is None:
                raise Irreducible("a node of loop %r depends on %r outside of it" % (loop.name, name))
            if item not in found:
                found.add(item)
                stack += _sources(item)
        return [m for m in self.members if m in found]


def _replace_inputs(item, changed):
    """Lets an item take other tensors: `changed(tensor)` for each."""
    item.inputs = list(map(changed, item.inputs))
    if isinstance(item, Loop):
        item.initial = list(map(changed, item.initial))
        item.aliases = {k: changed(v) if isinstance(v, tuple) else v for k, v in item.aliases.items()}


def _names(item):
    """The names under which others know an item."""
    return item.provides if isinstance(item, Loop | Branches) else [item.name]


def _label(item):
    return item.name


# ----------------------------------------------------------------------------------------------------------------- branches


def _with_branches(items, constants, tensors=(), waits=()):
    """A list of items with `Branches` in the place of what depends on switches.

    Args:
      items: nodes and loops.
      constants: tensor -> the tensor outside that it stands for.
      tensors: the tensors inside that are used from outside.
      waits: the names of nodes inside for which outer nodes wait.
    """
    if not any(getattr(item, "op", None) in _SWITCHES for item in items):
        merges = [item.name for item in items if getattr(item, "op", None) in _MERGES]
        if merges:
            raise Irreducible("node %r merges values of which none comes from a switch" % merges[0])
        return items
    return _Level(items, constants).structured(tensors, waits)


class _Level:
    """Items of one level: of a graph, of the body of a loop or of a branch.

    Attributes:
      guards: item -> what must hold that it runs: a tuple of (predicate, branch), outermost first.  A `Merge` or `ControlTrigger`
        has that of the whole.
      stages: item -> a number: what depends on the merged result of branches has a higher one than these.
      regions: member -> another one of the same region, nearer to its root.
    """

    def __init__(self, items, constants):
        self.items = _sorted(items)
        self.named = {n: item for item in items for n in _names(item)}
        self.constants = constants
        self.guards, self.stages, self.regions = {}, {}, {}

    def decide(self, tensors):
        """Lets switches pass on their input where tensors that always have a value say which way these go.

        That is so in a loop which stands in a branch and which has, inside, switches on the predicate of that branch.
        """
        for item in self.items:
            self._guard(item)
        decided = {guard for tensor in tensors for guard in self._guard_of(*tensor)}
        passing = set()
        for item in self.items:
            if self._op(item) in _SWITCHES:
                predicate = self._canonical(item.inputs[1])
                if (predicate, True) in decided or (predicate, False) in decided:
                    passing.add(item.name)
        for item in self.items:
            if item.name in passing:
                item.op = "RefIdentity" if item.op == "RefSwitch" else "Identity"
                del item.inputs[1:]
            _replace_inputs(item, lambda t: (t[0], 0) if t[0] in passing else t)

    def structured(self, tensors, waits):
        for item in self.items:
            self._guard(item)
        self._delay()
        for item in self.items:
            self._join(item)
        made = {}
        for item in self.items:
            if self._is_member(item):
                root = self._root(item)
                if root not in made:
                    made[root] = Branches(self._predicate(item))
                self._put(item, made[root])
        self._let_out(made, tensors, waits)
        switches = {}
        for item in self.items:
            if self._is_switch(item):
                switches.setdefault(self._canonical(item.inputs[1]), []).append(item)
        for region in made.values():
            self._finish(region, switches.get(region.predicate, ()))
        return [i for i in self.items if not self._is_member(i) and not self._is_switch(i)] + list(made.values())

    # ------------------------------------------------------------------------------------------------- what must hold

    def _canonical(self, tensor):
        """The tensor whose value a predicate has, so that equal ones are the same."""
        while True:
            if tensor in self.constants:
                return self.constants[tensor]
            node = self.named.get(tensor[0])
            if getattr(node, "op", None) not in (*_IDENTITIES, *_SWITCHES):
                return tensor
            tensor = node.inputs[0]

    def _guard_of(self, name, index=None):
        """The guard of a tensor (or, for an `index` of None, of what waits for a node)."""
        item = self.named.get(name)
        if item is None:
            return ()
        guard = self.guards[item]
        if self._op(item) in _SWITCHES and index is not None:
            return (*guard, (self._canonical(item.inputs[1]), bool(index)))
        return guard

    @staticmethod
    def _op(item):
        return getattr(item, "op", None)

    def _guard(self, item):
        """Finds guard and stage of an item whose sources have theirs."""
        op = self._op(item)
        data = [self._guard_of(name, index) for name, index in item.inputs]
        waits = [self._guard_of(name) for name in item.controls]
        stage = max([self.stages[self.named[s]] for s in _sources(item) if s in self.named], default=0)
        if op in _MERGES:
            guard = self._merged(item, data)
        elif op == "ControlTrigger":
            guard = min((w[:-1] for w in waits if w), key=len, default=())
        else:
            guard = ()
            for g in (*data, *waits):
                if len(g) > len(guard):
                    guard, g = g, guard
                if guard[: len(g)] != g:
                    raise Irreducible("node %r is in different branches at once" % _label(item))
        if not guard and (op in _MERGES or op == "ControlTrigger" and any(waits)):
            stage += 1
        self.guards[item], self.stages[item] = guard, stage

    def _delay(self):
        """Raises the stages of members to those where they are first used, so that branches are not torn apart."""
        first = {}
        for item in reversed(self.items):
            if self.guards[item] and item in first:
                self.stages[item] = first[item]
            ends = not self.guards[item] and (self._op(item) in _MERGES or self._op(item) == "ControlTrigger")
            stage = self.stages[item] - ends
            for s in _sources(item):
                source = self.named.get(s)
                if source is not None:
                    first[source] = min(first.get(source, stage), stage)

    @staticmethod
    def _merged(item, guards):
        if len(guards) != 2 or not all(guards):
            raise Irreducible("node %r merges something else than two branches" % item.name)
        (*outer, (predicate, branch)), (*other, (second, opposite)) = guards
        if outer != other or predicate != second or branch == opposite:
            raise Irreducible("node %r merges values that are no opposite branches" % item.name)
        return tuple(outer)

    # -------------------------------------------------------------------------------------------------------- regions

    def _is_switch(self, item):
        """Whether it is a switch of this level's branches."""
        return self._op(item) in _SWITCHES and not self.guards[item]

    def _is_member(self, item):
        """Whether it becomes a part of branches of this level: what is guarded, and the merges."""
        return bool(self.guards[item]) or self._op(item) in _MERGES

    def _predicate(self, item):
        """The predicate of the branches that a member becomes a part of."""
        guard = self.guards[item] or self._guard_of(*item.inputs[0])
        return guard[0][0]

    def _place(self, item):
        """Members of one region have this in common."""
        stage = self.stages[item] - (not self.guards[item])  # a merge counts to the branches that it ends
        return self._predicate(item), stage

    def _root(self, item):
        while self.regions.get(item, item) is not item:
            item = self.regions[item]
        return item

    def _join(self, item):
        """Puts a member into one region with the members beside it on which it depends."""
        if not self._is_member(item):
            return
        for source in _sources(item):
            other = self.named.get(source)
            if other is None or not self._is_member(other) or not self.guards[other]:
                continue
            if self._place(other) == self._place(item):
                self.regions[self._root(other)] = self._root(item)

    def _put(self, item, region):
        guard = self.guards[item]
        if guard:
            region.parts[guard[0][1]].append(item)
            return
        region.merges[item.name] = {
            self._guard_of(name, index)[0][1]: ((name, index), i) for i, (name, index) in enumerate(item.inputs)
        }
        region.merge_controls[item.name] = item.controls

    def _let_out(self, made, tensors, waits):
        """Notes what of a region is used outside of it."""
        homes = {}
        for member in self.items:
            if self.guards[member] and self._is_member(member):
                entry = made[self._root(member)], self.guards[member][0][1]
                homes.update((n, entry) for n in _names(member))

        def use(tensors, waits, own):
            for tensor in tensors:
                region, branch = homes.get(tensor[0], (own, None))
                if region is not own and (tensor, branch) not in region.kept:
                    region.kept.append((tensor, branch))
            for name in waits:
                region, branch = homes.get(name, (own, None))
                if region is not own and name not in region.effects[branch]:
                    region.effects[branch].append(name)

        use(tensors, waits, None)
        for item in self.items:
            own = made[self._root(item)] if self._is_member(item) else None
            use(item.inputs, item.controls if self.guards[item] else (), own)
            if not self.guards[item]:
                use((), item.controls, None)

    def _finish(self, region, switches):
        """Fills in the rest of a region once its parts are known.

        Args:
          region: the `Branches`.
          switches: the switches of this level on its predicate.
        """
        for s in switches:
            region.plumbing.add(s.name)
            region.aliases[s.name, 0] = region.aliases[s.name, 1] = s.inputs[0]
        used, waits, inside = [region.predicate], [], set()
        for part in region.parts.values():
            for item in part:
                inside.update(_names(item))
                used += item.inputs
                waits += item.controls
        for sources in region.merges.values():
            used += [tensor for tensor, _ in sources.values()]
        for controls in region.merge_controls.values():
            waits += controls
        region.inputs = list(dict.fromkeys(region.aliases.get(t, t) for t in used if t[0] not in inside))
        entered = {name for name, _ in used} | set(waits)
        waits += [c for s in switches if s.name in entered for c in s.controls]
        region.controls = [c for c in dict.fromkeys(waits) if c not in inside and c not in region.plumbing]
        names = [*region.merges, *[tensor[0] for tensor, _ in region.kept], *region.effects[False], *region.effects[True]]
        region.provides = list(dict.fromkeys(names))
        region.name = (region.provides or [region.predicate[0]])[0]
        constants = {**self.constants, **region.aliases}
        for branch, part in region.parts.items():
            wanted = [tensor for tensor, b in region.kept if b is branch]
            wanted += [sources[branch][0] for sources in region.merges.values()]
            region.parts[branch] = _with_branches(part, constants, wanted, region.effects[branch])


def _sorted(items):
    """The items, each after those that it depends on, else in their order."""
    by_name = {n: item for item in items for n in _names(item)}
    done, state = [], {}
    for start in items:
        stack = [(start, None)]
        while stack:
            item, sources = stack.pop()
            if sources is None:
                if state.get(item):
                    continue
                state[item], sources = "open", iter(_sources(item))
            for source in sources:
                before = by_name.get(source)
                if before is not None and before is not item and not state.get(before):
                    stack += [(item, sources), (before, None)]
                    break
                if before is not None and state.get(before) == "open":
                    raise Irreducible("%r is in a cycle" % _label(item))
            else:
                state[item] = "done"
                done.append(item)
    return done
