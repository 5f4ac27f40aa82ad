using Dramatis.Conditioning;
using Dramatis.Networks.Clip;
using Dramatis.Requests;
using Dramatis.Tokenizers;
using Dramatis.Weights;
using static TorchSharp.torch;

namespace Dramatis.Methods.MsDiffusion;

/// <summary>MS-Diffusion on a base model: references to tokens, tokens to a session.</summary>
/// <remarks>Shapes: M references in all, T features of width F each, Q tokens of width E.</remarks>
internal sealed class MsDiffusionMethod : ILoadedMethod
{
    private const string Name = "ms-diffusion";

    private readonly ClipTextEncoder textEncoder;    // the base model's
    private readonly ClipTokenizer tokenizer;
    private readonly ClipVisionEncoder imageEncoder;
    private readonly MsDiffusionAdapter adapter;

    private MsDiffusionMethod(BaseModel model, ClipVisionEncoder imageEncoder, MsDiffusionAdapter adapter)
    {
        textEncoder = model.TextEncoder;
        tokenizer = model.Tokenizer;
        this.imageEncoder = imageEncoder;
        this.adapter = adapter;
    }

    public static ILoadedMethod Load(BaseModel model)
    {
        var part = model.Folder.Adapter(Name);
        var config = MsDiffusionConfig.Parse(part.ReadConfig(), part.ConfigPath);
        return new MsDiffusionMethod(
            model, model.Folder.LoadImageEncoder(), part.Load(() => new MsDiffusionAdapter(config, model.UNet.Sites)));
    }

    public ConditioningSession Open(MethodOrder order)
    {
        var shown = order.Cast.Where(member => member.Subject.Strength > 0).SelectMany(member => Show(member, order.Size)).ToArray();
        if (shown.Length == 0)
        {
            return ConditioningSession.None;
        }

        using var scope = NewDisposeScope();
        var side = imageEncoder.Config.Side;
        var pixels = tensor(shown.SelectMany(reference => reference.Rgb).ToArray()).view(-1, side, side, 3);
        var features = imageEncoder.forward(ClipPixels.Normalise(pixels)).LastHiddenState;                      // (M, T, F)
        var phrases = cat([.. shown.Select(reference => Pooled(reference.Subject.Phrase))]);                    // (M, P)
        var places = tensor(shown.SelectMany(reference => Numbers(reference.Place)).ToArray()).view(-1, 4);
        var tokens = adapter.forward(features, phrases, places, null).unsqueeze(0);                             // (1, M, Q, E)
        var boxes = places.unsqueeze(0);
        if (order.HasNegativeRow)
        {
            tokens = cat([zeros_like(tokens), tokens]);
            boxes = cat([zeros_like(boxes), boxes]);
        }

        return adapter.Open(tokens, boxes, [.. shown.Select(reference => reference.Influence)]);
    }

    public void Dispose()
    {
        imageEncoder.Dispose();
        adapter.Dispose();
    }

    // Several references of a subject share its place: cells attend to the tokens of all of them.
    private IEnumerable<ShownReference> Show(CastMember member, PixelSize size)
    {
        foreach (var reference in member.References)
        {
            var subject = ReferencePixels.CropToSubject(reference);
            var isCut = subject.HasAlpha;
            yield return new(
                member.Subject,
                adapter.Config.Resampler.Locality is null
                    ? ReferencePixels.CentreCrop(reference, imageEncoder.Config.Side)
                    : ReferencePixels.Stretch(subject, imageEncoder.Config.Side),
                isCut ? PlaceFitting.Fit(member.Place, size, (double)subject.Width / subject.Height) : member.Place,
                new(member.Subject.Strength, member.Subject.Start, member.Subject.End));
        }
    }

    private Tensor Pooled(string phrase)
    {
        using var scope = NewDisposeScope();
        var ids = tensor(tokenizer.EncodeUnpadded(phrase).Select(id => (long)id).ToArray()).unsqueeze(0);
        return textEncoder.forward(ids).Pooled.MoveToOuterDisposeScope();
    }

    private static float[] Numbers(Box place) => [(float)place.Left, (float)place.Top, (float)place.Right, (float)place.Bottom];

    private sealed record ShownReference(Subject Subject, byte[] Rgb, Box Place, Influence Influence);
}
