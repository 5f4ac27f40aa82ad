using System.Globalization;
using System.Text.Json;

namespace Dramatis.Checkpoints.Kinds;

/// <summary>What a LoRA changes and how much.</summary>
internal static class LoraFacts
{
    private const string AlphaEnding = ".alpha";
    private const string PeftHeader = "lora_adapter_metadata";
    private const int MostListed = 4;

    // Of each table the first that matches counts.
    private static readonly (string Name, NamePattern Layers)[] Networks =
        [("te", "lora_te_*"), ("te1", "(lora_te1_|text_encoder.)*"), ("te2", "(lora_te2_|text_encoder_2.)*"), ("unet", "*")];

    private static readonly (string Name, NamePattern Layers)[] Targets =
    [
        ("text attention", "*self_attn*"), ("text feed-forward", "*mlp(_|.)fc#"), ("attention", "*attn#(_|.)*"), ("feed-forward", "*ff(_|.)net*"),
        ("projections", "*proj_(in|out)"), ("time", "*(time_emb|emb_layers|add_embedding|label_emb)*"), ("convolutions", "*"),
    ];

    /// <param name="endings">Of the two halves of a change, after the layer's name.</param>
    public static IReadOnlyList<FactRule> With(params (string Down, string Up)[] endings)
    {
        return
        [
            new("rank", archive => Range(Downs(archive).Where(down => down.Entry.Shape.Count > 0).Select(down => (double)down.Entry.Shape[0]))),
            new("alpha", archive => Range([.. StoredAlphas(archive), .. HeaderAlphas(archive)]) ?? "as the rank"),
            new("flavour", archive =>
                Downs(archive).Any(down => down.Entry.Shape is [_, _, > 1, _] or [_, _, _, > 1]) ? "LoCon, which changes kernels too" : null),
            new("networks", archive => Tally(Downs(archive).Select(down => down.Layer), Networks)),
            new("targets", archive => Tally(Downs(archive).Select(down => down.Layer), Targets)),
            new("half only", archive => Unpaired([.. Downs(archive).Select(down => down.Layer)], [.. Ups(archive).Select(up => up.Layer)])),
        ];

        IEnumerable<(string Layer, TensorEntry Entry)> Downs(TensorArchive archive) => endings.SelectMany(ending => With(archive, ending.Down));

        IEnumerable<(string Layer, TensorEntry Entry)> Ups(TensorArchive archive) => endings.SelectMany(ending => With(archive, ending.Up));
    }

    private static IEnumerable<(string Layer, TensorEntry Entry)> With(TensorArchive archive, string ending) =>
        from entry in archive.Tensors.Values
        where entry.Name.EndsWith(ending, StringComparison.Ordinal)
        select (entry.Name[..^ending.Length], entry);

    private static IEnumerable<double> StoredAlphas(TensorArchive archive) =>
        With(archive, AlphaEnding).Select(alpha => Scalar(archive, alpha.Entry)).OfType<double>();

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
