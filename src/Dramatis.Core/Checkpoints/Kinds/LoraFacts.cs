using System.Globalization;
using System.Text.Json;

namespace Dramatis.Checkpoints.Kinds;

/// <summary>What a LoRA changes and how much.</summary>
internal static class LoraFacts
{
    private const string WordPrefix = "bundle_emb.";
    private const string PeftHeader = "lora_adapter_metadata";
    private const int MostListed = 4;

    // Of each table the first that matches counts.
    private static readonly (string Name, NamePattern Layers)[] Networks =
    [
        ("te", "(lora_te_|(base_model.model.|)(text_model.|encoder.layers.))*"), ("te1", "(lora_te1_|text_encoder.|text_encoders.clip_l.)*"),
        ("te2", "(lora_te2_|text_encoder_2.|text_encoders.clip_g.)*"), ("unet", "*"),
    ];

    private static readonly (string Name, NamePattern Layers)[] Targets =
    [
        ("text attention", "*self_attn*"), ("text feed-forward", "*mlp(_|.)fc#"), ("attention", "*attn#(_|.)*"), ("feed-forward", "*ff(_|.)net*"),
        ("norms", "*norm*"), ("projections", "*proj_(in|out)"), ("time", "*(time_emb|emb_layers|add_embedding|label_emb)*"), ("convolutions", "*"),
    ];

    /// <summary>Of files that name their layers.</summary>
    public static IReadOnlyList<FactRule> Named { get; } =
    [
        new("rank", archive => Range(Factors(archive).Select(factor => (double)factor.Entry.Shape[0]))),
        new("alpha", archive => Range([.. StoredAlphas(archive), .. HeaderAlphas(archive)]) ?? "as the rank"),
        new("flavour", Flavour),
        new("networks", archive => Tally(LayersOf(archive), Networks)),
        new("targets", archive => Tally(LayersOf(archive), Targets)),
        new("half only", archive => Unpaired(
            [.. With(archive, LayerRole.Down).Select(item => item.Layer)], [.. With(archive, LayerRole.Up).Select(item => item.Layer)])),
        new("words", archive => archive.Tensors.Keys.Where(key => key.StartsWith(WordPrefix, StringComparison.Ordinal))
            .Select(key => key[WordPrefix.Length..].Split('.')[0]).Distinct().ToArray() is { Length: > 0 } words ? string.Join(", ", words) : null),
    ];

    /// <summary>Of files that number them.</summary>
    public static IReadOnlyList<FactRule> Counted { get; } = [new("layers", archive => FactRule.Text(archive.Tensors.Count / 2))];

    private static IEnumerable<string> LayersOf(TensorArchive archive) =>
        archive.Tensors.Keys.Select(LayerKey.Of).OfType<LayerKey>().Select(key => key.Layer).Distinct();

    // The factors whose first side is the rank.
    private static IEnumerable<(string Layer, TensorEntry Entry)> Factors(TensorArchive archive) =>
        ((LayerRole[])[LayerRole.Down, LayerRole.Hadamard1Right, LayerRole.Kronecker1Right, LayerRole.Kronecker2Right])
            .SelectMany(role => With(archive, role)).Where(item => item.Entry.Shape.Count > 0);

    private static string? Flavour(TensorArchive archive)
    {
        var isLoCon = With(archive, LayerRole.Down).Any(down => down.Entry.Shape is [_, _, > 1, _] or [_, _, _, > 1])
            || With(archive, LayerRole.Middle).Any();
        var hasWhole = With(archive, LayerRole.Whole).Concat(With(archive, LayerRole.WholeBias)).Any();
        string?[] flavours = [isLoCon ? "LoCon, which changes kernels too" : null, hasWhole ? "with whole differences" : null];
        return flavours.OfType<string>().ToArray() is { Length: > 0 } there ? string.Join(", ", there) : null;
    }

    private static IEnumerable<(string Layer, TensorEntry Entry)> With(TensorArchive archive, LayerRole role) =>
        from entry in archive.Tensors.Values
        let key = LayerKey.Of(entry.Name)
        where key?.Role == role
        select (key.Value.Layer, entry);

    private static IEnumerable<double> StoredAlphas(TensorArchive archive) =>
        With(archive, LayerRole.Alpha).Select(alpha => Scalar(archive, alpha.Entry)).OfType<double>();

    // PEFT's settings, each with the network's name before it.
    private static IEnumerable<double> HeaderAlphas(TensorArchive archive)
    {
        if (!archive.Metadata.TryGetValue(PeftHeader, out var text))
        {
            return [];
        }

        try
        {
            using var json = JsonDocument.Parse(text);
            return json.RootElement.ValueKind != JsonValueKind.Object ? [] :
            [
                .. from field in json.RootElement.EnumerateObject()
                   where field.Name.EndsWith("lora_alpha", StringComparison.Ordinal) && field.Value.ValueKind == JsonValueKind.Number
                   select field.Value.GetDouble(),
            ];
        }
        catch (JsonException)
        {
            return [];    // a header is free text: one that is no settings says nothing
        }
    }

    private static double? Scalar(TensorArchive archive, TensorEntry entry)
    {
        if (entry.ByteCount != entry.Type.Size())
        {
            return null;
        }

        Span<byte> bytes = stackalloc byte[sizeof(double)];
        archive.Read(entry.Name, bytes[..entry.Type.Size()]);
        return entry.Type switch
        {
            TensorType.F16 => (double)BitConverter.ToHalf(bytes),
            TensorType.BF16 => BitConverter.Int32BitsToSingle(BitConverter.ToUInt16(bytes) << 16),
            TensorType.F32 => BitConverter.ToSingle(bytes),
            TensorType.F64 => BitConverter.ToDouble(bytes),
            TensorType.I32 => BitConverter.ToInt32(bytes),
            TensorType.I64 => BitConverter.ToInt64(bytes),
            _ => null,
        };
    }

    private static string? Range(IEnumerable<double> values)
    {
        var all = values.Distinct().Order().Select(value => value.ToString("G6", CultureInfo.InvariantCulture)).ToList();
        return all.Count == 0 ? null : all.Count <= MostListed ? string.Join(", ", all) : $"{all[0]} to {all[^1]}";
    }

    private static string? Tally(IEnumerable<string> layers, (string Name, NamePattern Layers)[] table)
    {
        var counts = layers.CountBy(layer => Array.FindIndex(table, row => row.Layers.Matches(layer))).OrderBy(item => item.Key).ToList();
        return counts.Count == 0 ? null : string.Join(", ", counts.Select(item => $"{table[item.Key].Name} {item.Value}"));
    }

    private static string? Unpaired(HashSet<string> downs, HashSet<string> ups)
    {
        downs.SymmetricExceptWith(ups);
        return downs.Count == 0 ? null : $"{FactRule.Text(downs.Count)} (first: {downs.Min(StringComparer.Ordinal)})";
    }
}
