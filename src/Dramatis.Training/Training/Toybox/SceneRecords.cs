using System.Text.Json;
using Dramatis.Files;
using Dramatis.Pictures;
using Dramatis.Requests;
using Dramatis.Tensors;
using Dramatis.Toybox;
using Dramatis.Training.Records;

namespace Dramatis.Training.Toybox;

/// <summary>Writes scenes as a data set of records: pictures whose subjects, places and references are known, for any training that learns from records.</summary>
/// <remarks>A record depends on the seed and on its number alone, so a longer data set begins like a shorter one.</remarks>
internal sealed class SceneRecords
{
    private const uint Stream = 0x2EC0;
    private const int SmallestReference = 96;

    // References are drawn as those of the embedded model.
    private static readonly BaseRecipe Recipe = new();

    private readonly ulong seed;
    private readonly int side;
    private readonly int referenceSide;
    private readonly SceneMaker scenes;
    private readonly ReferenceMaker references;

    /// <param name="side">Pixels of a scene.</param>
    public SceneRecords(SubjectBank bank, ulong seed, int side = SceneMaker.Side)
    {
        var look = SceneOptions.For(side);
        var backgrounds = look.Grounds(seed);
        (this.seed, this.side) = (seed, look.Side);
        referenceSide = Math.Max(SmallestReference, look.ReferenceSide);
        scenes = new(bank, backgrounds, seed, look with { Counts = [0, .3, .4, .2, .1] });
        references = new(bank, backgrounds);
    }

    /// <summary>Writes the pictures, and <c>records.jsonl</c> when all of them are there.</summary>
    /// <returns>The path of the file with the records.</returns>
    /// <exception cref="Errors.OutputNotWrittenException">The folder cannot be written to.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled; the pictures so far stay.</exception>
    public string Write(string folder, int count, CancellationToken cancellationToken)
    {
        OutputFolder.Create(Path.Combine(folder, "scenes"));
        OutputFolder.Create(Path.Combine(folder, "references"));
        var lines = new string[count];
        Parallel.For(0, count, new() { CancellationToken = cancellationToken }, i => lines[i] = Write(folder, i));
        return RecordSet.Write(folder, lines);
    }

    private string Write(string folder, int number)
    {
        var scene = scenes.Make(number);
        var random = new StableRandom(seed, number, Stream);
        var image = $"scenes/{number:D6}.png";
        PictureWriter.WritePng(Path.Combine(folder, image), Picture.FromRgb(scene.Rgb, new(side, side)));
        var shown = scene.Parts.Select((part, i) =>
        {
            var path = $"references/{number:D6}-{i + 1}.png";
            var rgb = references.Draw(part, Recipe.SameView, referenceSide, random);
            PictureWriter.WritePng(Path.Combine(folder, path), Picture.FromRgb(rgb, new(referenceSide, referenceSide)));
            return path;
        });
        var body = new RecordBody
        {
            Text = scene.Caption,
            ImageFile = image,
            ImagePhrases = [.. scene.Parts.Select(part => part.Phrase)],
            ImageBoxes = [.. scene.Parts.Select(part => Numbers(part.Place))],
            ReferenceImageFiles = [.. shown],
            ReferenceImageBoxes = [.. scene.Parts.Select(_ => Numbers(Box.Whole))],
            BoxUnits = RecordBody.Fractions,
        };
        return JsonSerializer.Serialize(body, RecordContext.Default.RecordBody);
    }

    private static List<double> Numbers(Box box) => [box.Left, box.Top, box.Right, box.Bottom];
}
