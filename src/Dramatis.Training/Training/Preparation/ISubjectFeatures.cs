using Dramatis.Pictures;

namespace Dramatis.Training.Preparation;

/// <summary>What tells whether two pictures show the same thing.</summary>
internal interface ISubjectFeatures : IDisposable
{
    /// <summary>Stands for the weights behind it.</summary>
    string Fingerprint { get; }

    /// <summary>A direction; the smaller its angle to another's, the more alike are the pictures.</summary>
    float[] Of(Picture picture);
}
