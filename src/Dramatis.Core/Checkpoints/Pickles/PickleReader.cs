namespace Dramatis.Checkpoints.Pickles;

/// <summary>Reads pickles as data: nothing is imported, called or executed, and any name that data does not need is refused.</summary>
/// <remarks>
/// Python's <c>pickle</c> protocols 2 to 5, without extension codes, out-of-band buffers and instances of classes. Works without
/// recursion, in memory that grows with the bytes actually there.
/// </remarks>
internal sealed class PickleReader
{
    private const int NewestProtocol = 5;

    private readonly PickleInput input;
    private readonly PickleStack stack = new();

    private readonly List<PickleStorage> storages = [];

    private PickleReader(Stream source) => input = new(source);

    /// <summary>Reads one pickle from where a stream stands, and all storages that it refers to.</summary>
    /// <exception cref="PickleException">It is malformed, or asks for more than data.</exception>
    public static (PickleValue Value, IReadOnlyList<PickleStorage> Storages) Read(Stream source)
    {
        var reader = new PickleReader(source);
        byte opcode;
        while ((opcode = reader.input.Byte()) != '.')
        {
            reader.Do(opcode);
        }

        return (Known(reader.stack.Pop()), reader.storages);
    }

    private void Do(byte opcode)
    {
        if (!DoScalar(opcode) && !DoContainer(opcode) && !DoStack(opcode))
        {
            DoName(opcode);
        }
    }

    private bool DoScalar(byte opcode)
    {
        PickleValue? value = opcode switch
        {
            (byte)'N' => PickleNone.Value,
            0x88 or 0x89 => new PickleTruth(opcode == 0x88),
            (byte)'J' => new PickleInteger(input.Int32()),
            (byte)'K' => new PickleInteger(input.Byte()),
            (byte)'M' => new PickleInteger(input.UInt16()),
            0x8a => new PickleInteger(input.Integer(input.Byte())),
            0x8b => new PickleInteger(input.Integer(input.UInt32())),    // a negative length becomes one beyond the end
            (byte)'G' => new PickleNumber(input.Number()),
            0x8c or (byte)'U' => new PickleText(input.Text(input.Byte())),
            (byte)'X' or (byte)'T' => new PickleText(input.Text(input.UInt32())),
            0x8d => new PickleText(input.Text(input.UInt64())),
            (byte)'C' => new PickleBytes(input.Bytes(input.Byte())),
            (byte)'B' => new PickleBytes(input.Bytes(input.UInt32())),
            0x8e or 0x96 => new PickleBytes(input.Bytes(input.UInt64())),
            _ => null,
        };
        if (value is not null)
        {
            stack.Push(value);
        }

        return value is not null;
    }

    private bool DoContainer(byte opcode)
    {
        switch (opcode)
        {
            case (byte)']': PushSequence(SequenceKind.List, []); break;
            case (byte)'l': PushSequence(SequenceKind.List, stack.PopToMark()); break;
            case (byte)')': PushSequence(SequenceKind.Tuple, []); break;
            case (byte)'t': PushSequence(SequenceKind.Tuple, stack.PopToMark()); break;
            case 0x85 or 0x86 or 0x87: PushSequence(SequenceKind.Tuple, stack.Pop(opcode - 0x84)); break;
            case 0x8f: PushSequence(SequenceKind.Set, []); break;
            case 0x91: PushSequence(SequenceKind.Set, stack.PopToMark()); break;
            case (byte)'a': Extend(SequenceKind.List, [stack.Pop()]); break;
            case (byte)'e': Extend(SequenceKind.List, stack.PopToMark()); break;
            case 0x90: Extend(SequenceKind.Set, stack.PopToMark()); break;
            case (byte)'}': stack.Push(new PickleMapping(isOrdered: false)); break;
            case (byte)'d':
                var items = stack.PopToMark();
                stack.Push(new PickleMapping(isOrdered: false));
                SetItems(items);
                break;
            case (byte)'s': SetItems(stack.Pop(2)); break;
            case (byte)'u': SetItems(stack.PopToMark()); break;
            default: return false;
        }

        return true;
    }

    private bool DoStack(byte opcode)
    {
        switch (opcode)
        {
            case 0x80: CheckProtocol(input.Byte()); break;
            case 0x95: input.Require(input.UInt64()); break;    // frames only help to read ahead
            case (byte)'(': stack.Mark(); break;
            case (byte)'0': stack.Pop(); break;
            case (byte)'1': stack.PopToMark(); break;
            case (byte)'2': stack.Push(stack.Top); break;
            case (byte)'q': stack.Remember(input.Byte()); break;
            case (byte)'r': stack.Remember(input.UInt32()); break;
            case 0x94: stack.Remember(); break;
            case (byte)'h': stack.Recall(input.Byte()); break;
            case (byte)'j': stack.Recall(input.UInt32()); break;
            default: return false;
        }

        return true;
    }

    private void DoName(byte opcode)
    {
        switch (opcode)
        {
            case (byte)'c': PushName(input.Line(), input.Line()); break;
            case (byte)'i':    // a class and a call in one: only classes that data needs pass, and those are not made so
                PushName(input.Line(), input.Line());
                Known(stack.Top);
                throw Unsupported(opcode);
            case 0x93:
                var name = stack.Pop<PickleText>("a name");
                PushName(stack.Pop<PickleText>("a module").Value, name.Value);
                break;
            case (byte)'Q':
                storages.Add(PickleCalls.Storage(stack.Pop()));
                stack.Push(storages[^1]);
                break;
            case (byte)'R' or 0x81:
                var arguments = stack.Pop<PickleSequence>("a tuple of arguments");
                stack.Push(PickleCalls.Call(Known(stack.Pop()), arguments));
                break;
            case (byte)'b':
                var attributes = Known(stack.Pop());
                if (Known(stack.Top) is not PickleMapping { IsOrdered: true } built)
                {
                    throw new PickleException("writes attributes into a value that has none");
                }

                built.Build(attributes);
                break;
            default: throw Unsupported(opcode);
        }
    }

    private void PushName(string module, string name) => stack.Push(PickleNames.Find(module, name) ?? new PickleStranger($"{module}.{name}"));

    // Trainers of Lightning keep what callbacks know under the callbacks' classes: such keys are left out, whatever else would use a name is refused.
    private static PickleValue Known(PickleValue value) => value is PickleStranger stranger ? throw stranger.Refusal : value;

    private void PushSequence(SequenceKind kind, List<PickleValue> items)
    {
        items.ForEach(item => Known(item));
        stack.Push(new PickleSequence(kind, items));
    }

    private void Extend(SequenceKind kind, List<PickleValue> items)
    {
        if (stack.Top is not PickleSequence sequence || sequence.Kind != kind)
        {
            throw new PickleException($"adds to a {kind.ToString().ToLowerInvariant()} that is none");
        }

        items.ForEach(item => Known(item));
        sequence.Add(items);
    }

    private void SetItems(List<PickleValue> items)
    {
        if (stack.Top is not PickleMapping mapping || items.Count % 2 != 0)
        {
            throw new PickleException("sets items of something that has none, or a key without a value");
        }

        for (var i = 0; i < items.Count; i += 2)
        {
            if (items[i] is PickleStranger stranger)
            {
                mapping.LeftOut ??= stranger;
            }
            else if (!mapping.TrySet(items[i], Known(items[i + 1])))
            {
                throw new PickleException("uses as a key what cannot be one");
            }
        }
    }

    private static void CheckProtocol(byte protocol)
    {
        if (protocol > NewestProtocol)
        {
            throw new PickleException($"has the protocol {protocol}; the newest known is {NewestProtocol}");
        }
    }

    private PickleException Unsupported(byte opcode) =>
        new($"has the opcode 0x{opcode:x2} at byte {input.Position - 1}, which plain data does not need");
}
