using Dramatis.Methods.FastComposer;
using Dramatis.Networks.Clip;
using Dramatis.Pictures;
using Dramatis.Tensors;
using Dramatis.Toybox;
using Dramatis.Weights;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Dramatis.Training.Toybox;

/// <summary>Pictures in the place of words, as a model's FastComposer reads them, and as its MS-Diffusion does.</summary>
/// <remarks>
/// All but the last layer of the image encoder stays as it is, so that each picture is seen once, before the first step. Shapes:
/// N subjects, V views of each, in their own colours and in others, H subjects that no row shows, T features of width F before the last layer, W width of
/// a state, B rows.
/// </remarks>
internal sealed class ShownPictures : OwnedTensors
{
    private const uint Stream = 0x5407;
    private const int Chunk = 64;
    private const int GroundVariants = 4;

    // Of the encoder, what comes after its layers.
    private static readonly string[] BehindLayers = ["post_layernorm", "visual_projection"];

    private readonly AdapterPart part;
    private readonly FastComposerConfig config;
    private readonly ClipVisionEncoder vision;
    private readonly SubjectBank bank;
    private readonly ReferenceMaker references;
    private readonly ulong seed;
    private readonly HashSet<string> tuned;
    private readonly Tensor shown;    // (V, 2, N, T, F), in half precision
    private readonly Tensor meant;    // the same of pictures that are stretched to squares, as MS-Diffusion reads them
    private readonly Tensor shownHeldOut;    // (H, T, F)

    /// <param name="model">With a FastComposer; its settings are read, its weights are where the training starts.</param>
    /// <param name="textWidth">W.</param>
    /// <param name="views">V.</param>
    /// <exception cref="Errors.ModelNotFoundException">It has none.</exception>
    public ShownPictures(SubjectBank bank, ModelFolder model, int textWidth, ulong seed, int views)
    {
        (this.bank, this.seed, Views) = (bank, seed, views);
        part = model.Adapter(FastComposerMethod.Name);
        config = part.Settings() is { } settings ? FastComposerConfig.Read(settings) : FastComposerConfig.Released;
        using var weights = part.OpenWeights();
        var postfuse = FastComposerFile.LoadPostfuse(weights, textWidth);
        vision = FastComposerFile.LoadImageEncoder(weights, model);
        var last = vision.Config.Tower.Layers - 1;
        Networks = new Trained(postfuse, vision);
        foreach (var (name, weight) in Networks.named_parameters())
        {
            weight.requires_grad = name.StartsWith(FastComposerFile.PostfusePrefix, StringComparison.Ordinal)
                || name.Contains($".layers.{last}.", StringComparison.Ordinal)
                || Array.Exists(BehindLayers, part => name.Contains(part, StringComparison.Ordinal));
        }

        tuned = [.. Networks.named_parameters().Where(item => item.parameter.requires_grad).Select(item => item.name)];

        references = new(bank, SceneOptions.Lit.Grounds(seed, GroundVariants), onScene: 0);
        using var scope = NewDisposeScope();
        using var off = no_grad();
        var seen = Enumerable.Range(0, Views).Select(view => See(bank.Seen, view, [null, ChannelOrders.Others[view % ChannelOrders.Others.Count]])).ToArray();
        shown = Own(stack([.. seen.Select(view => view.Shown)]));
        meant = Own(stack([.. seen.Select(view => view.Meant)]));
        var unseen = See(bank.HeldOut, 0, [null]);
        shownHeldOut = Own(unseen.Shown[0].to(ScalarType.Float32));
        HeldOut = Own(unseen.Meant[0].to(ScalarType.Float32));
    }

    public int Views { get; }

    /// <summary>What MS-Diffusion reads of the pictures of subjects that no row shows (H, T, F).</summary>
    public Tensor HeldOut { get; }

    /// <summary>By the names of the released checkpoint; what is trained of them wants gradients.</summary>
    public Trained Networks { get; }

    /// <summary>The states (B, W) that words come to have when pictures stand in their place.</summary>
    /// <param name="states">Of the words (B, W).</param>
    /// <param name="views">From 0 to <see cref="Views"/> (B).</param>
    /// <param name="recoloured">1 for those in other colours, each view in one of <see cref="ChannelOrders.Others"/> (B).</param>
    /// <param name="subjects">Counted among those that training sees (B).</param>
    public Tensor Fuse(Tensor states, Tensor views, Tensor recoloured, Tensor subjects)
    {
        using var scope = NewDisposeScope();
        return Networks.Fuse(states, shown[views, recoloured, subjects].to(states.dtype)).MoveToOuterDisposeScope();
    }

    /// <summary>What MS-Diffusion reads of the same pictures (B, T, F).</summary>
    public Tensor Meant(Tensor views, Tensor recoloured, Tensor subjects) => meant[views, recoloured, subjects].to(ScalarType.Float32);

    /// <summary>The same of subjects that no row shows (H, W), whose words say nothing of them.</summary>
    /// <param name="state">Of these words (1, W).</param>
    public Tensor FuseHeldOut(Tensor state) => Networks.Fuse(state.expand(shownHeldOut.shape[0], -1), shownHeldOut);

    /// <summary>Writes the adapter as it is now, and says that a prior reads its words.</summary>
    public void Export(string folder)
    {
        using var scope = NewDisposeScope();
        using var weights = part.OpenWeights();
        var tensors = weights.Tensors.Keys.ToDictionary(key => key, key => weights.ToTensor(key));
        foreach (var (name, weight) in Networks.named_parameters().Where(item => tuned.Contains(item.name)))
        {
            tensors[name] = weight;
        }

        new ModelWriter(folder).Adapter(FastComposerMethod.Name, (config with { IsImagined = true }).ToJson(), tensors);
    }

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        Networks.Dispose();
    }


    // Both (C, N, T, F), C colourings.
    private (Tensor Shown, Tensor Meant) See(IReadOnlyList<int> subjects, int view, IReadOnlyList<ChannelOrders?> orders)
    {
        using var scope = NewDisposeScope();
        var pictures = subjects.AsParallel().AsOrdered().Select(subject => Draw(subject, view)).ToList();
        var seen = orders.Select(order => pictures.Select(picture => order?.Of(picture) ?? picture).Chunk(Chunk).Select(See).ToArray()).ToArray();
        return (Joined(item => item.Shown), Joined(item => item.Meant));

        Tensor Joined(Func<(Tensor Shown, Tensor Meant), Tensor> of) => stack([.. seen.Select(some => cat([.. some.Select(of)]))]).MoveToOuterDisposeScope();
    }

    private (Tensor Shown, Tensor Meant) See(Picture[] pictures)
    {
        var (side, size) = (vision.Config.Side, new PixelSize(vision.Config.Side, vision.Config.Side));
        return (Encode(pictures), Encode([.. pictures.Select(picture => picture.Resize(size))]));

        Tensor Encode(Picture[] some)
        {
            using var scope = NewDisposeScope();
            var squares = stack([.. some.Select(picture => ObjectPixels.Square(picture, side, CPU))]);
            return vision.forward(ObjectPixels.Normalise(squares, side)).Penultimate.to(ScalarType.Float16).MoveToOuterDisposeScope();
        }
    }

    private Picture Draw(int subject, int number)
    {
        var random = new StableRandom(seed, ((long)subject * Views) + number, Stream);
        var view = View.Draw(random) with { Mirrored = false };
        var side = vision.Config.Side;
        return random.Chance(BaseOrderMaker.Stretched)
            ? ToyboxPictures.From(references.Draw(subject, view, Margins.None, side, random), side)
            : references.DrawInShape(subject, view, Margins.None, side, random);
    }

    internal sealed class Trained : Module
    {
        private readonly PostfuseNetwork postfuse_module;
        private readonly ClipVisionEncoder image_encoder;

        public Trained(PostfuseNetwork postfuse, ClipVisionEncoder vision)
            : base(nameof(Trained))
        {
            (postfuse_module, image_encoder) = (postfuse, vision);
            RegisterComponents();
        }

        /// <param name="features">Of pictures, before the last layer (B, T, F).</param>
        public Tensor Fuse(Tensor states, Tensor features) => postfuse_module.forward(states, image_encoder.EmbeddingOf(features));
    }
}
