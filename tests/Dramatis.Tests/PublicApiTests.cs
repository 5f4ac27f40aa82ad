using System.Reflection;
using System.Text.RegularExpressions;
using Dramatis.CutOut;
using Dramatis.Extensions.AI;
using Dramatis.Pipelines;
using Dramatis.Requests;
using Dramatis.Toybox;
using Dramatis.Training.Learned;
using PublicApiGenerator;

namespace Dramatis.Tests;

/// <summary>The libraries' public face against the approved one, so that it changes on purpose only.</summary>
public sealed partial class PublicApiTests
{
    private const int MostTypes = 150;

    private static readonly Assembly[] Libraries =
    [
        typeof(GenerationRequest).Assembly, typeof(ImageGenerator).Assembly, typeof(Learning).Assembly, typeof(DramatisImageGenerator).Assembly,
        typeof(EmbeddedModel).Assembly, typeof(GrabCut).Assembly,
    ];

    public static TheoryData<string> Names => [.. Libraries.Select(library => library.GetName().Name!)];

    [Theory]
    [MemberData(nameof(Names))]
    public void The_public_face_is_the_approved_one(string name)
    {
        var face = Libraries.Single(library => library.GetName().Name == name).GeneratePublicApi(new() { IncludeAssemblyAttributes = false })
            .ReplaceLineEndings("\n") + "\n";
        var approved = Repository.PathOf("tests", "Dramatis.Tests", "PublicApi", $"{name}.txt");
        var received = Path.Combine(AppContext.BaseDirectory, $"{name}.txt");
        File.WriteAllText(received, face);

        Assert.True(
            File.Exists(approved) && File.ReadAllText(approved) == face,
            $"The public face of {name} has changed. If that is meant: cp {received} {approved}");
    }

    [Fact]
    public void It_is_small_enough_to_be_learned() => Assert.InRange(Libraries.Sum(library => library.GetExportedTypes().Length), 1, MostTypes);

    // So that a search finds what is called otherwise here.
    [Theory]
    [InlineData("img2img")]
    [InlineData("image-to-image")]
    [InlineData("text-to-image")]
    [InlineData("inpainting")]
    [InlineData("noise schedule")]
    [InlineData("unconditional")]
    [InlineData("classifier-free guidance")]
    [InlineData("CFG scale")]
    [InlineData("bounding box")]
    [InlineData("localization")]
    [InlineData("gradient checkpointing")]
    [InlineData("fine-tun")]
    public void The_field_s_own_words_are_in_the_summaries(string word)
    {
        var summaries = Libraries.SelectMany(library => Summaries().Matches(File.ReadAllText(Path.ChangeExtension(library.Location, ".xml"))));

        Assert.Contains(summaries, summary => summary.Value.Contains(word, StringComparison.OrdinalIgnoreCase));
    }

    [GeneratedRegex("<summary>.*?</summary>", RegexOptions.Singleline)]
    private static partial Regex Summaries();
}
