using Dramatis.Pictures;

namespace Dramatis.Training.EasyRef;

/// <summary>What the networks see of one record.</summary>
/// <param name="Target">The picture to learn to paint.</param>
/// <param name="Frame">What SDXL is told of it: height and width before, top and left of the cut, height and width after.</param>
/// <param name="References">Opaque; one black picture where they were left out.</param>
/// <param name="Caption">Empty where it was left out.</param>
/// <param name="HidesReferences">References were left out.</param>
internal sealed record GroupSample(Picture Target, IReadOnlyList<float> Frame, IReadOnlyList<Picture> References, string Caption, bool HidesReferences);
