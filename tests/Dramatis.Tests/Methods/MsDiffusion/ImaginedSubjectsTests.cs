using Dramatis.Errors;
using Dramatis.Networks.Prior;
using Dramatis.Pipelines;
using Dramatis.Requests;
using Dramatis.Tests.Pipelines;
using Dramatis.Weights;

namespace Dramatis.Tests.Methods.MsDiffusion;

/// <summary>Subjects of words alone, on models with a prior and without.</summary>
public sealed class ImaginedSubjectsTests(PainterTests.Toybox toybox) : IClassFixture<PainterTests.Toybox>, IDisposable
{
    private static readonly Subject Fox = new() { Phrase = "fox", Place = new(.05, .3, .5, .95) };

    private static readonly GenerationRequest Order = new() { Prompt = "a {fox} on a beach", Subjects = [Fox], Size = new(64, 64), Steps = 2, Seed = 1 };

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("dramatis-test-");

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public void Words_alone_change_the_picture_as_a_reference_would()
    {
        var words = Paint(Order);

        Assert.Equal(words, Paint(Order));
        Assert.NotEqual(words, Paint(Order with { Subjects = [], Prompt = "a fox on a beach" }));
        Assert.NotEqual(words, Paint(Order with { Subjects = [Fox with { Place = new(.5, .3, .95, .95) }] }));
        Assert.NotEqual(words, Paint(Order with { Subjects = [Fox with { Phrase = "rose" }], Prompt = "a {rose} on a beach" }));
    }

    [Fact]
    public void They_stand_beside_subjects_with_pictures()
    {
        var dog = new Subject { Phrase = "dog", References = [Reference.FromFile(Repository.SubjectPicture("dog"))], Place = new(.55, .3, .95, .95) };
        var both = Order with { Prompt = "a {fox} and a {dog} on a beach", Subjects = [Fox, dog] };

        Assert.NotEqual(Paint(both), Paint(both with { Subjects = [Fox with { Strength = 0 }, dog] }));
        Assert.NotEqual(Paint(both), Paint(both with { Subjects = [Fox, dog with { Strength = 0 }] }));
    }

    [Fact]
    public void One_without_a_place_gets_one()
    {
        var placed = new List<int>();

        toybox.Painter.Paint(
            Order with { Subjects = [Fox with { Place = null }] }, new() { Placed = (subject, _) => placed.Add(subject) }, TestContext.Current.CancellationToken);

        Assert.Equal([0], placed);
    }

    [Fact]
    public void A_method_that_reads_no_words_refuses_them()
    {
        var error = Assert.Throws<InvalidRequestException>(() => toybox.Painter.Prepare(Order with { Method = "ip-adapter" }));

        Assert.Equal("subjects[0].references", error.Field);
        Assert.Contains("Words alone are enough for ms-diffusion on a model with a prior", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_without_a_prior_refuses_them()
    {
        LinkToybox();
        Directory.CreateSymbolicLink(Path.Combine(folder.FullName, "adapters"), Path.Combine(ToyboxFolder.Path, "adapters"));
        using var painter = new Painter(BaseModel.Load(folder.FullName));

        Assert.Equal("subjects[0].references", Assert.Throws<InvalidRequestException>(() => painter.Prepare(Order)).Field);
    }

    [Fact]
    public void A_prior_for_other_networks_is_refused_by_what_it_makes()
    {
        LinkToybox();
        Directory.CreateSymbolicLink(Path.Combine(folder.FullName, "adapters"), Path.Combine(ToyboxFolder.Path, "adapters"));
        var config = new FeaturePriorConfig { TextWidth = 192, FeatureWidth = 96, Tokens = 10, CellWidth = 2, FeedForwardFactor = 1 };
        using (var prior = new FeaturePrior(config))
        {
            new ModelWriter(folder.FullName).Network(ModelNetwork.Prior, config.ToJson(), prior);
        }

        using var painter = new Painter(BaseModel.Load(folder.FullName));
        var error = Assert.Throws<InvalidCheckpointException>(() => painter.Paint(Order, cancellationToken: TestContext.Current.CancellationToken));

        Assert.Contains("imagines 10 features of width 96 from texts of width 192, but the model has 65 features of width 192", error.Message, StringComparison.Ordinal);
    }

    private void LinkToybox()
    {
        ToyboxFolder.LinkTo(folder.FullName);
        File.Delete(Path.Combine(folder.FullName, "prior"));
    }

    private byte[] Paint(GenerationRequest request) => toybox.Painter.Paint(request, cancellationToken: TestContext.Current.CancellationToken).Rgba;
}
