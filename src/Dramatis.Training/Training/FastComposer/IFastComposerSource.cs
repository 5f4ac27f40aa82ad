namespace Dramatis.Training.FastComposer;

/// <summary>Where a training's samples come from. A sample depends on its number alone.</summary>
internal interface IFastComposerSource
{
    /// <summary>Samples of an epoch.</summary>
    int Count { get; }

    /// <param name="number">Samples are counted from the start of the training.</param>
    FastComposerSample Sample(long number);
}
