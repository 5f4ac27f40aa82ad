using System.Text.Json;
using Dramatis.Checkpoints;
using Dramatis.Errors;

namespace Dramatis.Verification.Checks;

/// <summary>Reads good files of weights to the byte, and refuses bad ones without running anything.</summary>
internal sealed class FormatsCheck : IGoldenCheck
{
    // What every hostile file of the golden data would leave behind, if anything in it ran.
    private const string Trace = "PWNED";

    public IReadOnlyList<string> Components => ["formats"];

    public GoldenResult Run(GoldenCase golden)
    {
        var results = new List<GoldenDifference>();
        foreach (var folder in golden.Fixture.GetProperty("folders").EnumerateObject())
        {
            Func<string, JsonElement, string?> check = folder.Name switch
            {
                "safetensors/valid" => Safetensors,
                "pickle/valid" => Pickle,
                _ when folder.Value.GetString()!.StartsWith("refuse", StringComparison.Ordinal) => Refused,
                _ => (_, _) => "nothing is known of this folder",
            };
            results.Add(Check(folder.Name, golden.PathOf(folder.Name), check));
        }

        return new() { Outputs = results };
    }

    private static GoldenDifference Check(string name, string folder, Func<string, JsonElement, string?> check)
    {
        using var manifest = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "manifest.json")));
        var wrong = manifest.RootElement.EnumerateObject()
            .Select(file => (file.Name, Problem: Attempt(() => check(Path.Combine(folder, file.Name), file.Value))))
            .Where(file => file.Problem is not null)
            .ToList();
        return new(name, wrong.Count, 0, wrong.Count > 0 ? $"{wrong.Count} files, first {wrong[0].Name}: {wrong[0].Problem}" : null);
    }

    private static string? Attempt(Func<string?> check)
    {
        try
        {
            return check();
        }
        catch (DramatisException e)
        {
            return e.Message;
        }
    }

    private static string? Safetensors(string path, JsonElement expected)
    {
        using var file = SafetensorsFile.Open(path);
        var metadata = expected.GetProperty("metadata");
        var tensors = expected.GetProperty("tensors").EnumerateObject().ToList();
        return !SameTexts(file.Metadata, metadata) ? "other metadata"
            : file.Tensors.Count != tensors.Count ? $"{file.Tensors.Count} tensors for {tensors.Count}"
            : tensors.Select(tensor => SameTensor(file, tensor.Name, tensor.Value)).FirstOrDefault(problem => problem is not null);
    }

    private static bool SameTexts(IReadOnlyDictionary<string, string> ours, JsonElement expected) =>
        expected.ValueKind == JsonValueKind.Null
            ? ours.Count == 0
            : expected.EnumerateObject().Count() == ours.Count
                && expected.EnumerateObject().All(item => ours.TryGetValue(item.Name, out var text) && text == item.Value.GetString());

    private static string? SameTensor(TensorArchive file, string name, JsonElement expected) =>
        !file.Tensors.TryGetValue(name, out var entry) ? $"no tensor '{name}'"
        : entry.Type.Name() != expected.GetProperty("dtype").GetString() ? $"'{name}' is {entry.Type.Name()}"
        : !entry.Shape.SequenceEqual(expected.GetProperty("shape").EnumerateArray().Select(size => size.GetInt64())) ? $"'{name}' has another shape"
        : Convert.ToHexStringLower(Bytes(file, entry)) != expected.GetProperty("bytes").GetString() ? $"'{name}' has other values"
        : null;

    private static string? Pickle(string path, JsonElement expected)
    {
        using var file = PickleFile.Open(path);
        if (PickleStructure.Difference(expected.GetProperty("structure"), file.Contents) is { } problem)
        {
            return problem;
        }

        // A file without tensors has nothing to compare with.
        if (!File.Exists($"{path}.expected.safetensors"))
        {
            return file.Tensors.Count > 0 ? $"{file.Tensors.Count} tensors for none" : null;
        }

        using var values = SafetensorsFile.Open($"{path}.expected.safetensors");
        return file.Tensors.Count != values.Tensors.Count
            ? $"{file.Tensors.Count} tensors for {values.Tensors.Count}"
            : values.Tensors.Values.Select(entry => SameTensor(file, values, entry)).FirstOrDefault(difference => difference is not null);
    }

    private static string? SameTensor(TensorArchive ours, TensorArchive expected, TensorEntry entry) =>
        !ours.Tensors.TryGetValue(entry.Name, out var own) ? $"no tensor '{entry.Name}'"
        : own.Type != entry.Type || !own.Shape.SequenceEqual(entry.Shape) ? $"'{entry.Name}' has another type or shape"
        : !Bytes(ours, own).AsSpan().SequenceEqual(Bytes(expected, entry)) ? $"'{entry.Name}' has other values"
        : null;

    private static string? Refused(string path, JsonElement expected)
    {
        var reason = expected.GetProperty("reason").GetString();
        try
        {
            using var file = path.EndsWith(".safetensors", StringComparison.Ordinal) ? SafetensorsFile.Open(path) : (TensorArchive)PickleFile.Open(path);
            foreach (var entry in file.Tensors.Values)
            {
                Bytes(file, entry);
            }

            return $"was read, although: {reason}";
        }
        catch (InvalidCheckpointException e)
        {
            return File.Exists(Trace) || File.Exists(Path.Combine(Path.GetDirectoryName(path)!, Trace)) ? "ran what the file asks for"
                : !e.Message.Contains(path, StringComparison.Ordinal) ? "the error does not name the file"
                : reason!.StartsWith("calls ", StringComparison.Ordinal) && !e.Message.Contains(reason[6..], StringComparison.Ordinal)
                    ? $"the error does not name {reason[6..]}: {e.Message}"
                    : null;
        }
    }

    private static byte[] Bytes(TensorArchive file, TensorEntry entry)
    {
        var bytes = new byte[entry.ByteCount];
        file.Read(entry.Name, bytes);
        return bytes;
    }
}
