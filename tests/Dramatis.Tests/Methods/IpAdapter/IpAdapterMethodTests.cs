using Dramatis.Errors;
using Dramatis.Methods.IpAdapter;
using Dramatis.Networks.UNet;
using Dramatis.Pipelines;
using Dramatis.Requests;
using Dramatis.Weights;
using TorchSharp;

namespace Dramatis.Tests.Methods.IpAdapter;

/// <summary>The embedded model with an adapter of random weights in its folder.</summary>
public sealed class IpAdapterMethodTests : IClassFixture<IpAdapterMethodTests.ToyboxWithAdapter>
{
    private static readonly GenerationRequest Request = new()
    {
        Prompt = "a dog on a beach",
        Method = "ip-adapter",
        Subjects = [Dog with { Place = new(.1, .2, .8, .9) }],
        Size = new(64, 64),
        Steps = 2,
        Seed = 7,
    };

    private readonly ToyboxWithAdapter toybox;

    public IpAdapterMethodTests(ToyboxWithAdapter toybox) => this.toybox = toybox;

    private static Subject Dog => new() { Phrase = "dog", References = [Picture("dog")] };

    [Fact]
    public void A_reference_changes_the_picture_and_one_without_strength_does_not()
    {
        var plain = Paint(Request with { Subjects = [] });

        Assert.NotEqual(plain, Paint(Request));
        Assert.Equal(plain, Paint(With(subject => subject with { Strength = 0 })));
    }

    [Fact]
    public void A_place_keeps_a_reference_from_acting_elsewhere()
    {
        var plain = Paint(Request with { Subjects = [] });
        var nowhere = Paint(With(subject => subject with { Place = new(.001, .001, .002, .002) }));    // no pixel's centre

        Assert.Equal(plain, nowhere);
        Assert.NotEqual(Paint(Request), Paint(With(subject => subject with { Place = null })));
    }

    [Fact]
    public void Several_references_of_a_subject_act_together_in_any_order()
    {
        var one = Paint(Request);
        var two = Paint(With(subject => subject with { References = [Picture("dog"), Picture("tiger")] }));
        var turned = Paint(With(subject => subject with { References = [Picture("tiger"), Picture("dog")] }));

        Assert.NotEqual(one, two);
        Assert.All(two.Zip(turned), pair => Assert.InRange(pair.First - pair.Second, -1, 1));
    }

    [Fact]
    public void Averaged_references_are_as_one()
    {
        using var averaging = toybox.Averaging();

        var twice = Shown("dog", "dog");

        Assert.Equal(Paint(Request), twice);
        Assert.NotEqual(twice, Shown("dog", "tiger"));

        byte[] Shown(params string[] names) => averaging.Paint(
            With(subject => subject with { References = [.. names.Select(Picture)] }), cancellationToken: TestContext.Current.CancellationToken).Rgba;
    }

    [Fact]
    public void It_paints_without_guidance_too() => Assert.NotEmpty(Paint(Request with { Guidance = 1 }));

    [Fact]
    public void It_shares_a_picture_with_another_method()
    {
        var mixed = Request with
        {
            Prompt = "a dog and a tiger on a beach",
            Method = "ms-diffusion",
            Subjects = [Dog with { Method = "ip-adapter" }, new() { Phrase = "tiger", References = [Picture("tiger")], Place = new(.6, .4, 1, 1) }],
        };

        Assert.NotEqual(Paint(mixed), Paint(mixed with { Subjects = [mixed.Subjects[0] with { Strength = 0 }, mixed.Subjects[1]] }));
    }

    [Fact]
    public void Nothing_is_left_alive()
    {
        Paint(Request);
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;

        Paint(Request);

        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    [Fact]
    public void An_encoder_of_another_width_is_refused_and_the_one_that_fits_is_named()
    {
        using var model = BaseModel.Load(ToyboxFolder.Path);
        var path = Path.Combine(toybox.Folder, "other.safetensors");
        ToyboxWithAdapter.Save(path, model.UNet, new() { Source = TokenSource.Embedding, FeatureWidth = 1024, TokenWidth = 192, Tokens = 4 });

        var error = Assert.Throws<InvalidCheckpointException>(() => IpAdapterMethod.Load(model, path));

        Assert.Contains("ViT-H/14", error.Message, StringComparison.Ordinal);
        Assert.Contains("gives 192", error.Message, StringComparison.Ordinal);
        Assert.Contains(path, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_not_there_is_named()
    {
        using var model = BaseModel.Load(ToyboxFolder.Path);

        var error = Assert.Throws<InvalidCheckpointException>(() => IpAdapterMethod.Load(model, "nowhere.bin"));

        Assert.Contains("nowhere.bin", error.Message, StringComparison.Ordinal);
    }

    private byte[] Paint(GenerationRequest request) => toybox.Painter.Paint(request, cancellationToken: TestContext.Current.CancellationToken).Rgba;

    private static GenerationRequest With(Func<Subject, Subject> change) => Request with { Subjects = [change(Request.Subjects[0])] };

    private static Reference Picture(string name) => Reference.FromFile(Repository.SubjectPicture(name));

    public sealed class ToyboxWithAdapter : IDisposable
    {
        public ToyboxWithAdapter()
        {
            ToyboxFolder.LinkTo(Folder);
            var own = Directory.CreateDirectory(Path.Combine(Folder, "adapters", "ip-adapter")).FullName;
            Directory.CreateSymbolicLink(Path.Combine(Folder, "adapters", "ms-diffusion"), Path.Combine(ToyboxFolder.Path, "adapters", "ms-diffusion"));
            using var model = BaseModel.Load(ToyboxFolder.Path);
            Save(Path.Combine(own, "a-name-of-its-own.safetensors"), model.UNet, IpAdapterConfig.OfPerceiver(new()
            {
                Width = 64,
                Depth = 1,
                Heads = 1,
                HeadWidth = 64,
                Queries = 4,
                FeatureWidth = 192,
                OutputWidth = 192,
            }));
            File.WriteAllText(Path.Combine(own, "config.json"), """{"method": "ip-adapter"}""");
            Painter = new(BaseModel.Load(Folder));
        }

        /// <summary>The same, whose adapter averages references.</summary>
        public Painter Averaging()
        {
            var folder = Path.Combine(Folder, "averaging");
            var own = Directory.CreateDirectory(Path.Combine(folder, "adapters", "ip-adapter")).FullName;
            ToyboxFolder.LinkTo(folder);
            const string Weights = "a-name-of-its-own.safetensors";
            File.CreateSymbolicLink(Path.Combine(own, Weights), Path.Combine(Folder, "adapters", "ip-adapter", Weights));
            File.WriteAllText(Path.Combine(own, "config.json"), """{"method": "ip-adapter", "several": "average"}""");
            return new(BaseModel.Load(folder));
        }

        public string Folder { get; } = Directory.CreateTempSubdirectory("dramatis-").FullName;

        public Painter Painter { get; }

        internal static void Save(string path, UNet unet, IpAdapterConfig config)
        {
            using var network = new IpAdapterNetwork(config, unet.Sites);
            Checkpoint.Save(network, path);
        }

        public void Dispose()
        {
            Painter.Dispose();
            Directory.Delete(Folder, recursive: true);
        }
    }
}
