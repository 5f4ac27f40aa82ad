using System.Text.Json;
using System.Text.Json.Serialization;
using Dramatis.Networks.Vae;
using Dramatis.Pictures;
using Dramatis.Toybox;
using Dramatis.Toybox.Judging;

namespace Dramatis.Benches.Toybox;

/// <summary>Has an autoencoder rebuild scenes of subjects that no other training has seen, on grounds that its own has not.</summary>
internal sealed class AutoencoderBench(SubjectBank bank, SceneOptions scenes, ulong seed)
{
    private const int GroundVariants = 4;
    private const int PairsInRow = 4;

    /// <summary>One object; names in snake_case.</summary>
    public static string Json(RebuiltFigures figures) => JsonSerializer.Serialize(figures, AutoencoderBenchJson.Default.RebuiltFigures);

    /// <param name="count">Scenes; all show one subject or more.</param>
    /// <returns>The figures, and a sheet with the scenes beside what came back.</returns>
    public (RebuiltFigures Figures, Picture Sheet) Run(AutoencoderKL vae, int count, CancellationToken cancellationToken)
    {
        var grounds = scenes.Grounds(seed, GroundVariants);
        var maker = new SceneMaker(bank, grounds, seed, scenes with { Split = SubjectSplit.HeldOut });
        var rebuilder = new VaeRebuilder(vae);
        var pictures = Enumerable.Range(0, int.MaxValue).Select(i => maker.Make(i)).Where(scene => scene.Parts.Count > 0).Take(count).Select(scene =>
        {
            cancellationToken.ThrowIfCancellationRequested();
            var picture = ToyboxPictures.From(scene.Rgb, scenes.Side);
            return (Original: picture, Rebuilt: rebuilder.Rebuild(picture), scene.Inside);
        }).ToArray();
        var rows = pictures.Chunk(PairsInRow).Select(row => row.SelectMany(one => new[] { one.Original, one.Rebuilt }).ToArray());
        return (RebuiltFigures.Of(pictures), SampleSheet.Grid([.. rows]));
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(RebuiltFigures))]
internal sealed partial class AutoencoderBenchJson : JsonSerializerContext;
