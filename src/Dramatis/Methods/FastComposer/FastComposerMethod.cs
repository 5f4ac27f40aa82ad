using Dramatis.Conditioning;
using Dramatis.Errors;
using Dramatis.Pictures;
using Dramatis.Requests;
using Dramatis.Tensors;
using Dramatis.Tokenizers;
using Dramatis.Weights;
using static TorchSharp.torch;

namespace Dramatis.Methods.FastComposer;

/// <summary>FastComposer on a base model: a picture changes the word that means its subject.</summary>
/// <remarks>Shapes: E width of a picture's embedding, L text tokens, D text width.</remarks>
internal sealed class FastComposerMethod(BaseModel model, FastComposerParts parts) : IWordMethod
{
    public const string Name = "fastcomposer";

    public const MethodReads Reads = MethodReads.SeveralReferences | MethodReads.ReferenceMasks | MethodReads.Window | MethodReads.Place
        | MethodReads.BoundPlace | MethodReads.Binding | MethodReads.Compat;

    public WeightPatch? Patch => parts.Patch;

    public static ILoadedMethod Load(BaseModel model) => new FastComposerMethod(model, FastComposerFile.Load(model));

    public ConditioningSession Open(MethodOrder order)
    {
        InvalidRequestException.ThrowUnless(
            order.Cast.Count <= parts.Config.MostSubjects,
            "subjects", $"{order.Cast.Count} are more than the {parts.Config.MostSubjects} that this FastComposer was trained for; take some out.");
        using var scope = NewDisposeScope();
        FusedWord[] words = [.. order.Cast.Where(member => member.Subject.Strength > 0).Select(member => WordOf(member, order)).OfType<FusedWord>()];
        return words.Length == 0 ? ConditioningSession.None : CombinedSession.Of(
            new FastComposerSession(words, parts.Postfuse, new(order.ExtraCalls, order.Layout.Compat))
            {
                HasNegativeRow = order.HasNegativeRow,
                Among = order.Layout.Compat ? CutText(order.Prompt) : null,
            },
            Bound(order));
    }

    public CastMember? InWords(CastMember member, MethodOrder order)
    {
        using var scope = NewDisposeScope();
        if (WordOf(member, order) is not { } word)
        {
            return null;
        }

        var ids = TokenIds.Of([model.Tokenizer.Encode(order.Prompt)], model.Compute.Device);
        var state = model.TextEncoder.forward(ids).LastHiddenState[TensorIndex.Colon, word.Token];    // (1, D)
        return member with
        {
            Subject = member.Subject with { Start = word.Start },
            State = parts.Postfuse.forward(state, word.Image.unsqueeze(0)).MoveToOuterDisposeScope(),
        };
    }

    public void Dispose() => parts.Dispose();

    // From the first step on, when what stands where is decided, though the word may mean its picture later. A place that is the whole picture holds
    // nothing, and attention keeps its fused kernel.
    private ConditioningSession Bound(MethodOrder order)
    {
        CastMember[] held = [.. order.Cast.Where(member => member.Subject is { HasPlace: true, Strength: > 0 } && member.Place != Box.Whole)];
        if (order.Layout.Binding == 0 || held.Length == 0)
        {
            return ConditioningSession.None;
        }

        using var scope = NewDisposeScope();
        var device = model.Compute.Device;
        TokenSpan[] spans = [.. held.Select(member => TokenSpan.Of(model.Tokenizer, order.Prompt, member.Words))];
        TokenSpan[][] negative = order.HasNegativeRow ? [[.. held.Select(_ => TokenSpan.None)]] : [];
        return new BoundWordsSession(
            SubjectWords.Of([.. negative, spans], model.Tokenizer.Options.MaxLength, device),
            tensor(held.SelectMany(member => member.Place.Numbers()).ToArray(), device: device).view(-1, 4),
            [.. held.Select(member => new Influence(End: member.Subject.End))],
            new(order.Layout.Binding));
    }

    // Null for words that the model does not read.
    private FusedWord? WordOf(CastMember member, MethodOrder order)
    {
        var subject = member.Subject;
        var end = TokenSpan.Of(model.Tokenizer, order.Prompt, member.Words) is { IsEmpty: false } span ? span.End
            : order.Layout.Compat && LastOf(order.Prompt, member.Words) is var last && last < model.Tokenizer.Options.MaxLength ? last + 1
            : 0;
        return end == 0 ? null
            : new(end - 1, Encode(member.References, order.Layout.Compat), subject.Strength, subject.Start ?? parts.Config.Start, subject.End);
    }

    // Several pictures of a subject are their mean (E).
    private Tensor Encode(IReadOnlyList<Picture> references, bool compat)
    {
        using var scope = NewDisposeScope();
        var side = parts.ImageEncoder.Config.Side;
        var (device, type) = (model.Compute.Device, model.Compute.Type);
        var square = parts.Config.Resolution ?? side;
        var colours = stack([.. references.Select(picture => ObjectPixels.Square(ObjectPixels.Shown(picture, compat), square, device))]);
        return parts.ImageEncoder.forward(ObjectPixels.Normalise(colours, side).to(type)).Embedding.mean([0]).MoveToOuterDisposeScope();
    }

    // The reference, which knows one text encoder, cuts the text with subjects behind its last token and loses the end; without them it keeps it.
    private Tensor? CutText(string prompt)
    {
        var (tokenizer, words) = (model.Tokenizer, model.Tokenizer.EncodeWords(prompt));
        var length = tokenizer.Options.MaxLength;
        if (words.Count + 2 <= length || model.SecondTextEncoder is not null)
        {
            return null;
        }

        using var scope = NewDisposeScope();
        var ids = TokenIds.Of([[tokenizer.StartId, .. words.Take(length - 1)]], model.Compute.Device);
        return model.ReadText(ids, null).Text.MoveToOuterDisposeScope();
    }

    private int LastOf(string prompt, Range words) => model.Tokenizer.EncodeWords(prompt[..words.End.GetOffset(prompt.Length)]).Count;
}
