using System.Globalization;

namespace Dramatis.Checkpoints.Pickles;

/// <summary>Finds the tensors and plain facts in what a pickle holds.</summary>
internal sealed class PickleContents
{
    private const int MaxDepth = 64;
    private const int MaxValues = 1_000_000;

    private readonly Dictionary<string, PickleTensor> tensors = new(StringComparer.Ordinal);
    private PickleStranger? leftOut;
    private int visited;

    private PickleContents()
    {
    }

    /// <summary>All tensors by the path that leads to them.</summary>
    /// <exception cref="PickleException">Entries were left out, and there is nothing else.</exception>
    public static IReadOnlyDictionary<string, PickleTensor> Tensors(PickleValue contents)
    {
        var finder = new PickleContents();
        finder.Visit(contents, () => "", 0);
        return finder.tensors.Count == 0 && finder.leftOut is { } stranger ? throw stranger.Refusal : finder.tensors;
    }

    /// <summary>The texts and numbers that lie at the top.</summary>
    public static IReadOnlyDictionary<string, string> Facts(PickleValue contents)
    {
        var facts = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, value) in (contents as PickleMapping)?.Entries ?? [])
        {
            if (Text(key) is { } name && Text(value) is { } text)
            {
                facts.TryAdd(name, text);
            }
        }

        return facts;
    }

    // Values may be shared, so that few bytes make a tree without end: both its height and its size are bounded, and names are
    // made for tensors only.
    private void Visit(PickleValue value, Func<string> name, int depth)
    {
        if (depth > MaxDepth)
        {
            throw new PickleException($"is nested more than {MaxDepth} deep, or holds itself");
        }

        if (++visited > MaxValues)
        {
            throw new PickleException($"holds more than {MaxValues} values, which no checkpoint needs");
        }

        switch (value)
        {
            case PickleTensor tensor:
                Add(name() is { Length: > 0 } path ? path : "root", tensor);
                break;
            case PickleMapping mapping:
                leftOut ??= mapping.LeftOut;
                foreach (var (key, item) in mapping.Entries)
                {
                    Visit(item, () => Join(name(), Text(key) ?? "?"), depth + 1);
                }

                break;
            case PickleSequence sequence:
                for (var i = 0; i < sequence.Items.Count; i++)
                {
                    var position = i;
                    Visit(sequence.Items[i], () => Join(name(), position.ToString(CultureInfo.InvariantCulture)), depth + 1);
                }

                break;
        }
    }

    private void Add(string name, PickleTensor tensor)
    {
        if (!tensors.TryAdd(name, tensor))
        {
            throw new PickleException($"has two tensors that would both be named '{name}'");
        }
    }

    private static string Join(string name, string part) => name.Length > 0 ? $"{name}.{part}" : part;

    private static string? Text(PickleValue value) => value switch
    {
        PickleText text => text.Value,
        PickleInteger whole => whole.Value.ToString(CultureInfo.InvariantCulture),
        PickleNumber number => number.Value.ToString("R", CultureInfo.InvariantCulture),
        _ => null,
    };
}
