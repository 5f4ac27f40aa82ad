using Dramatis.Requests;
using Dramatis.Tensors;
using Dramatis.Tokenizers;
using Dramatis.Training.Diffusion;
using static TorchSharp.torch;

namespace Dramatis.Training.Subjects;

/// <summary>Pictures with their texts.</summary>
/// <param name="Views">Belong to the caller.</param>
/// <param name="Text">The text of an item.</param>
/// <param name="Words">What means the subject in it, for methods that learn words; null for others.</param>
internal sealed record TextedViews(LatentViews Views, Func<StableRandom, string> Text, string? Words = null);

/// <summary>Makes the batches of a training. A batch depends on its arguments alone.</summary>
/// <param name="model">Its tokenizers are asked anew for each batch: new words may have come.</param>
/// <param name="subjects">One for each subject that is learned; they take turns.</param>
/// <param name="classes">Others of the kind, one for each subject; empty learns without prior preservation.</param>
internal sealed class SubjectBatches(
    LearningModel model, IReadOnlyList<TextedViews> subjects, IReadOnlyList<TextedViews> classes, ulong seed)
{
    private const uint Stream = 0x5B8C;

    /// <param name="first">The first item; items are counted from the start of the training.</param>
    public DenoisingBatch Make(long first, int count)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(new StableRandom(seed, first, Stream).NextBits(), CPU);
        TextedViews[] sources = [.. Rows(subjects, first, count), .. classes.Count == 0 ? [] : Rows(classes, first, count)];
        var latents = new List<Tensor>();
        var masks = new List<Tensor>();
        var texts = new List<string>();
        var places = new List<Box>();
        for (var row = 0; row < sources.Length; row++)
        {
            var item = first + (row % count);
            var (views, text, _) = sources[row];
            var view = views.Draw(item / subjects.Count, seed);
            latents.Add(views.Latents(view, randn([1, .. views.Shape], generator: generator)));
            masks.Add(views.Mask(view));
            places.Add(views.Place(view));
            texts.Add(views.Words(view) + text(new StableRandom(seed, item, Stream + 1)));
        }

        var clean = cat(latents);
        var areImagined = model.Imagining is not null && subjects.All(subject => subject.Words is not null);
        return new()
        {
            Latents = clean,
            Noise = randn(clean.shape, generator: generator),
            Timesteps = randint(0, model.Process.Timesteps, clean.shape[0], dtype: ScalarType.Int64, generator: generator),
            Ids = Ids(model.Base.Tokenizer, texts),
            SecondIds = model.Base.SecondTokenizer is { } second ? Ids(second, texts) : null,
            Phrases = areImagined ? [.. sources.Take(count).Select(source => model.Base.Tokenizer.EncodeUnpadded(source.Words!))] : null,
            Places = areImagined ? tensor(places.Take(count).SelectMany(place => place.Numbers()).ToArray()).view(-1, 4) : null,
            Subjects = count,
            Masks = subjects.Any(subject => subject.Views.HasMasks) ? cat(masks[..count]) : null,
        };
    }

    private static IEnumerable<TextedViews> Rows(IReadOnlyList<TextedViews> sources, long first, int count) =>
        Enumerable.Range(0, count).Select(i => sources[(int)((first + i) % sources.Count)]);

    private static Tensor Ids(ClipTokenizer tokenizer, IReadOnlyList<string> texts) =>
        TokenIds.Padded([.. texts.Select(tokenizer.Encode)], tokenizer.PaddingId);
}
