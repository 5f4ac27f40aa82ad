using Dramatis.Tokenizers;
using Dramatis.Training.Records;

namespace Dramatis.Training.FastComposer;

/// <summary>Samples of labelled pictures on disk.</summary>
internal sealed class FastComposerSource(ILabelledPictures pictures, ClipTokenizer tokenizer, SampleOptions options) : IFastComposerSource
{
    private readonly EpochOrder order = new(options.Seed, pictures.Count);
    private readonly SampleMaker maker = new(tokenizer, options);

    public int Count => pictures.Count;

    /// <exception cref="Errors.DramatisException">A file is no longer what it was when it was checked, or labels do not fit their picture.</exception>
    public FastComposerSample Sample(long number)
    {
        var picture = pictures.Read(order.At(number));
        return maker.Make(picture, SampleDraws.Of(options, number, picture.Segments.Count));
    }
}
