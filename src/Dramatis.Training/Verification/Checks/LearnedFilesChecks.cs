using Dramatis.Checkpoints.Kinds;
using Dramatis.Methods.CustomDiffusion;
using Dramatis.Methods.TextualInversion;
using Dramatis.Training.CustomDiffusion;
using Dramatis.Weights;
using static TorchSharp.torch;

namespace Dramatis.Verification.Checks;

/// <summary>Learned words in files of every kind, one after another on one model.</summary>
internal sealed class EmbeddingFilesCheck : IGoldenCheck
{
    public IReadOnlyList<string> Components => ["ti_load"];

    public GoldenResult Run(GoldenCase golden)
    {
        using var off = no_grad();
        using var model = new GoldenNetworks(golden.PathOf(golden.Text("model")));
        var patches = golden.Fixture.GetProperty("load").EnumerateArray()
            .Select(item => EmbeddingFile.Read(
                golden.PathOf(item.GetProperty("file").GetString()!),
                model,
                item.TryGetProperty("token", out var token) ? token.GetString() : null))
            .ToArray();
        using var patched = new PatchedWeights(model);
        patched.Apply([.. patches.Select(patch => new ScaledPatch(patch))]);

        var prompts = golden.Fixture.GetProperty("prompts").EnumerateArray().Select(prompt => prompt.GetString()!);
        var ids = stack([.. prompts.Select(prompt => tensor(model.Tokenizer.Encode(prompt).Select(id => (long)id).ToArray()))]);
        var table = model.TextEncoder.get_parameter(LayerNames.TokenTable)!;
        var wrong = golden.Fixture.GetProperty("tokens").EnumerateObject()
            .Where(token => model.Tokenizer.EncodeWords(token.Name)[0] != token.Value.GetInt32())
            .Select(token => $"{token.Name} is {model.Tokenizer.EncodeWords(token.Name)[0]}, not {token.Value}")
            .ToArray();
        var numbers = golden.Compare(
            ("new_rows", table[model.TextEncoder.Config.Vocabulary..]),
            ("input_ids", ids),
            ("last_hidden_state", model.TextEncoder.forward(ids).LastHiddenState));
        patched.Remove();
        Array.ForEach(patches, patch => patch.Dispose());
        return numbers with { Outputs = [.. numbers.Outputs, .. GoldenResult.Count("tokens", wrong).Outputs] };
    }
}

/// <summary>The closed-form merge of concepts that were learned one by one.</summary>
internal sealed class CustomDiffusionMergeCheck : IGoldenCheck
{
    public IReadOnlyList<string> Components => ["custom_diffusion_merge"];

    public GoldenResult Run(GoldenCase golden)
    {
        using var model = BaseModel.Load(golden.PathOf(golden.Text("model")));
        var concepts = Texts(golden, "deltas").Zip(Texts(golden, "categories"), (file, category) =>
            new LearnedConcept(CustomDiffusionFile.Read(golden.PathOf(file), model), category)).ToArray();
        var captions = golden.ReadText(golden.Text("regularization")).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        using var merged = CustomDiffusionMerge.Merge(model, concepts, captions);
        using var stored = CustomDiffusionFile.Read(golden.PathOf(golden.Text("merged")), model);
        var ours = merged.Changes.ToDictionary(Name, change => change.Tensors[0]);
        var result = new GoldenResult
        {
            Outputs =
            [
                .. stored.Changes.Select(change => golden.Compare(Name(change), ours[Name(change)], change.Tensors[0], golden.Tolerance("delta"))),
                CustomDiffusionTrainCheck.Out(golden, model, stored),
            ],
        };
        Array.ForEach(concepts, concept => concept.Patch.Dispose());
        return result;
    }

    private static string Name(WeightChange change) => change is NewWord word ? word.Word : change.Weight;

    private static IEnumerable<string> Texts(GoldenCase golden, string field) =>
        golden.Fixture.GetProperty(field).EnumerateArray().Select(item => item.GetString()!);
}
