using System.Diagnostics;
using Dramatis.Conditioning;
using Dramatis.Errors;
using Dramatis.Networks.Clip;
using Dramatis.Pictures;
using Dramatis.Requests;
using Dramatis.Tensors;
using Dramatis.Tokenizers;
using Dramatis.Weights;
using static TorchSharp.torch;

namespace Dramatis.Methods.MsDiffusion;

/// <summary>MS-Diffusion on a base model: references to tokens, tokens to a session.</summary>
/// <remarks>Shapes: P pictures, at most n references in one, M in all, T features of width F each, Q tokens of width E.</remarks>
internal sealed class MsDiffusionMethod(BaseModel model, ClipVisionEncoder imageEncoder, MsDiffusionAdapter adapter) : IImaginingMethod
{
    public const string Name = "ms-diffusion";

    public const MethodReads Reads =
        MethodReads.SeveralReferences | MethodReads.ReferenceMasks | MethodReads.Window | MethodReads.Place | MethodReads.FoundPlaces
        | MethodReads.AutoLayout | MethodReads.WholeLayout | MethodReads.Grounding | MethodReads.Binding | MethodReads.Compat
        | MethodReads.SeesSubjects | MethodReads.Words;

    // For the first subject without a picture.
    private Imagination? imagination;

    private Imagination Imagination => imagination ??= Imagination.Load(model, imageEncoder.Config, adapter.Config);

    public IEnumerable<nn.Module> Networks => [adapter, Imagination.Prior];

    private bool IsLocal => adapter.Config.Resampler.Locality is not null;

    private Device Device => model.Compute.Device;

    public static ILoadedMethod Load(BaseModel model)
    {
        var encoder = ModelFolder.LoadImageEncoder(model.Folder.EncoderFor(Name));
        try
        {
            return new MsDiffusionMethod(model, encoder, MsDiffusionFile.Load(model.Folder.Adapter(Name), model, encoder.Config, model.Folder.Loading));
        }
        catch
        {
            encoder.Dispose();
            throw;
        }
    }

    public ConditioningSession Open(MethodOrder order) => Open([order]);

    /// <summary>Prepares what acts on several pictures painted together: rows are all negative ones, then all positive ones.</summary>
    /// <param name="orders">One for each picture; the same one again for another sample of it.</param>
    /// <param name="features">Instead of those of the references (M, T, F).</param>
    /// <exception cref="InvalidRequestException">They cannot be painted together.</exception>
    public ConditioningSession Open(IReadOnlyList<MethodOrder> orders, Tensor? features = null)
    {
        using var scope = NewDisposeScope();
        var distinct = orders.Distinct().ToArray();
        var cast = distinct.Select(order => order.Cast.Where(member => member.Subject.Strength > 0)
            .SelectMany(member => Show(member, order)).ToArray()).ToArray();
        var most = cast.Max(row => row.Length);
        if (most == 0)
        {
            return ConditioningSession.None;
        }

        var slots = tensor(cast.SelectMany((row, i) => row.Select((_, k) => ((long)i * most) + k)).ToArray(), device: Device);
        ShownReference[] all = [.. cast.SelectMany(row => row)];
        var places = tensor(all.SelectMany(reference => reference.Place.Numbers()).ToArray(), device: Device).view(-1, 4);
        var tokens = Tokens(all, places, features ?? Encode(all), distinct[0].Layout.Grounding);

        // (P, n, Q, E) and (P, n, 4), a box of zeros for whom a picture does not have
        var rows = tensor(orders.Select(order => (long)Array.IndexOf(distinct, order)).ToArray(), device: Device);
        tokens = MsDiffusionAdapter.Spread(tokens, slots, distinct.Length, most).index_select(0, rows);
        var boxes = MsDiffusionAdapter.Spread(places, slots, distinct.Length, most).index_select(0, rows);
        if (orders[0].HasNegativeRow)
        {
            tokens = cat([zeros_like(tokens), tokens]);
            boxes = cat([zeros_like(boxes), boxes]);
        }

        return adapter.Open(tokens, boxes, InfluencesOf(cast, most), WordsOf(orders, distinct, cast, most), LaidOf(orders, distinct, cast));
    }

    public ConditioningSession Imagine(Tensor states, Tensor pooled, Tensor places)
    {
        using var scope = NewDisposeScope();
        var features = Imagination.Of(states.flatten(0, 1)).Features.to(model.Compute.Type);
        var tokens = adapter.forward(features, pooled.flatten(0, 1), places.flatten(0, 1), null);
        return adapter.Open(tokens.unflatten(0, [places.shape[0], places.shape[1]]), places);
    }

    public void Dispose()
    {
        imageEncoder.Dispose();
        adapter.Dispose();
        imagination?.Dispose();
    }

    // Several references of a subject share its place: cells attend to the tokens of all of them.
    private IEnumerable<ShownReference> Show(CastMember member, MethodOrder order)
    {
        var place = order.Layout.Mode switch
        {
            LayoutMode.Whole => Box.Whole,
            LayoutMode.Auto => member.Subject.Place ?? Box.Whole,
            LayoutMode.Boxes => member.Place,
            _ => throw new UnreachableException($"{order.Layout.Mode}"),
        };
        if (member.References.Count == 0 || member.State is not null)
        {
            yield return Imagine(member, place, order);
            yield break;
        }

        var side = imageEncoder.Config.Side;
        foreach (var reference in member.References)
        {
            var subject = reference.CropToVisible();
            yield return IsLocal
                ? new(
                    member,
                    ReferencePixels.Stretch(subject, side),
                    FitTo(subject, place, order),
                    member.Influence)
                { Visible = adapter.Collage is not null && order.Layout.Mode == LayoutMode.Boxes ? ReferencePixels.Visible(subject, side) : null }
                : new(
                    member,
                    reference.HasAlpha && !order.Layout.Compat ? ReferencePixels.CutOut(reference, side) : ReferencePixels.Squeeze(reference, side),
                    place,
                    member.Influence);
        }
    }

    // A word that was learned stands in the prompt instead of the phrase.
    private ShownReference Imagine(CastMember member, Box place, MethodOrder order)
    {
        var phrase = member.Learned.Word.Count > 0 ? order.Prompt[member.Words] : member.Subject.Phrase;
        var imagined = member.State is { } state ? Imagination.Of(state) : Imagination.Of(phrase, member.Learned);

        // The shape of what was learned is not: it was learned as large as the box around it. A picture has its own.
        var fitted = !IsLocal || member.Subject.Learned.Count > 0 ? place
            : member.References.Count > 0 ? FitTo(member.References[0].CropToVisible(), place, order)
            : PlaceFitting.Fit(place, order.Size, imagined.Aspect.item<float>());
        return new(member, [], fitted, member.Influence)
        {
            Phrase = phrase,
            Imagined = imagined.Features.to(model.Compute.Type),
        };
    }

    // A subject without its ground keeps its shape; what is on one fills the place.
    private static Box FitTo(Picture visible, Box place, MethodOrder order) =>
        visible.HasAlpha ? PlaceFitting.Fit(place, order.Size, (double)visible.Width / visible.Height) : place;

    // (M, T, F): pictures all at once, and what stands for those that there are not.
    private Tensor Encode(ShownReference[] shown)
    {
        using var scope = NewDisposeScope();
        ShownReference[] pictures = [.. shown.Where(reference => reference.Imagined is null)];
        var seen = pictures.Length == 0 ? null : See(pictures);
        return cat([.. shown.Select(reference => reference.Imagined ?? seen!.narrow(0, Array.IndexOf(pictures, reference), 1))]).MoveToOuterDisposeScope();
    }

    private Tensor See(ShownReference[] pictures)
    {
        using var scope = NewDisposeScope();
        var features = imageEncoder.forward(ClipPixels.Normalise(Pixels(pictures)).to(model.Compute.Type));
        return features.Tokens(adapter.Config.PenultimateFeatures).MoveToOuterDisposeScope();
    }

    // (M, S, S, 3)
    private Tensor Pixels(ShownReference[] pictures) => tensor(pictures.SelectMany(reference => reference.Rgb).ToArray(), device: Device)
        .view(-1, imageEncoder.Config.Side, imageEncoder.Config.Side, 3);

    private Tensor Tokens(ShownReference[] shown, Tensor places, Tensor features, bool isGrounded)
    {
        using var scope = NewDisposeScope();
        var phrases = cat([.. shown.Select(reference => Pooled(reference.Phrase))]);    // (M, width of the text)
        var ungrounded = isGrounded ? null : ones(shown.Length, ScalarType.Bool, Device);
        return adapter.forward(features, phrases, places, ungrounded).MoveToOuterDisposeScope();            // (M, Q, E)
    }

    // (1, width of the text)
    private Tensor Pooled(string phrase)
    {
        using var scope = NewDisposeScope();
        return model.TextEncoder.forward(TokenIds.Of([model.Tokenizer.EncodeUnpadded(phrase)], model.Compute.Device)).Pooled.MoveToOuterDisposeScope();
    }

    // Of several pictures of a subject the first, and none where places are not told.
    private LaidReferences? LaidOf(IReadOnlyList<MethodOrder> orders, MethodOrder[] distinct, ShownReference[][] cast)
    {
        var laid = cast.SelectMany((row, picture) => row.Index()
            .Where(item => item.Item.Visible is not null && row.First(other => other.Member == item.Item.Member) == item.Item)
            .Select(item => (item.Item, Picture: picture, Subject: item.Index))).ToArray();
        if (laid.Length == 0)
        {
            return null;
        }

        var negative = orders[0].HasNegativeRow ? Enumerable.Repeat(-1, orders.Count) : [];
        return new()
        {
            Pixels = Pixels([.. laid.Select(item => item.Item)]),
            Visible = tensor(laid.SelectMany(item => item.Item.Visible!).ToArray(), device: Device).view(laid.Length, imageEncoder.Config.Side, -1),
            Places = tensor(laid.SelectMany(item => item.Item.Place.Numbers()).ToArray(), device: Device).view(-1, 4),
            Pictures = [.. laid.Select(item => item.Picture)],
            Subjects = [.. laid.Select(item => item.Subject)],
            Rows = [.. negative, .. orders.Select(order => Array.IndexOf(distinct, order))],
            Size = distinct[0].Size,
            Encode = model.Vae.LikelyLatents,
        };
    }

    private static Influence[] InfluencesOf(ShownReference[][] cast, int most)
    {
        var largest = cast.First(row => row.Length == most);
        if (cast.Any(row => row.Where((reference, i) => reference.Influence != largest[i].Influence).Any()))
        {
            throw new InvalidRequestException(
                "subjects", "pictures painted together need subjects of the same strength, start and end; paint them one by one.");
        }

        return [.. largest.Select(reference => reference.Influence)];
    }

    private WordSteering? WordsOf(IReadOnlyList<MethodOrder> orders, MethodOrder[] distinct, ShownReference[][] cast, int most)
    {
        var layout = distinct[0].Layout;
        if (layout is { Mode: not LayoutMode.Auto, Binding: 0 })
        {
            return null;
        }

        var none = Enumerable.Repeat(TokenSpan.None, most).ToArray();
        var spans = distinct.Zip(cast, (order, row) => (TokenSpan[])[.. row.Select(reference => SpanOf(reference.Member, order)), .. none[row.Length..]])
            .ToArray();
        var positive = orders.Select(order => spans[Array.IndexOf(distinct, order)]);
        var negative = orders[0].HasNegativeRow ? orders.Select(_ => none) : [];
        return new(SubjectWords.Of([.. negative, .. positive], model.Tokenizer.Options.MaxLength, Device))
        {
            Auto = layout.Mode == LayoutMode.Auto ? new(layout.Threshold, layout.StartStep, layout.Compat) : null,
            Binding = layout.Binding,
        };
    }

    private TokenSpan SpanOf(CastMember member, MethodOrder order)
    {
        if (!order.Layout.Compat)
        {
            return TokenSpan.Of(model.Tokenizer, order.Prompt, member.Words);
        }

        var before = order.Cast.TakeWhile(other => other != member).Count(other => other.Subject.Phrase == member.Subject.Phrase);
        var span = PhraseMatch.Find(model.Tokenizer, order.Prompt, member.Subject.Phrase, before).Span;
        return span.End < model.Tokenizer.Options.MaxLength ? span : TokenSpan.None;
    }

    private sealed record ShownReference(CastMember Member, byte[] Rgb, Box Place, Influence Influence)
    {
        public string Phrase { get; init; } = Member.Subject.Phrase;

        /// <summary>Which of its pixels show the subject, where it is laid into its place; null where it is not.</summary>
        public byte[]? Visible { get; init; }

        /// <summary>Its features (1, T, F), where there is no picture to see.</summary>
        public Tensor? Imagined { get; init; }
    }
}
