using Dramatis.Training.Subjects;

namespace Dramatis.Benches.Toybox;

/// <summary>What a method has of the bench's subjects, and what it cost to come by: it learned them, or it reads their pictures.</summary>
internal interface ISubjectKeeper : IDisposable
{
    /// <summary>The method.</summary>
    string Name { get; }

    /// <summary>Whether each cast is a model of its own, which cannot be told places.</summary>
    bool IsModel { get; }

    /// <summary>Whether the subjects of a cast share one file of weights.</summary>
    bool SharesWeights { get; }

    /// <summary>Has a cast known, unless it is: one subject, or all of a picture.</summary>
    void Learn(IReadOnlyList<int> cast, CancellationToken cancellationToken);

    /// <summary>Makes one of subjects that are known one by one, where they have to be one to be painted together.</summary>
    void Merge(IReadOnlyList<int> cast, CancellationToken cancellationToken);

    /// <summary>How a subject of a cast is painted.</summary>
    /// <param name="index">Its number in the cast.</param>
    /// <param name="kind">What the prompt calls it.</param>
    LearnedPainting Painted(IReadOnlyList<int> cast, int index, string kind);

    /// <summary>How long it took until a cast could be painted.</summary>
    double SecondsOf(IReadOnlyList<int> cast);

    /// <summary>What is stored of a cast.</summary>
    long BytesOf(IReadOnlyList<int> cast);
}
