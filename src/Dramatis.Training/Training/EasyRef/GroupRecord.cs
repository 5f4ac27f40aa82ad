namespace Dramatis.Training.EasyRef;

/// <summary>One record of a data set: a picture to learn to paint, words for it, and what it is shown by.</summary>
internal sealed record GroupRecord
{
    /// <summary>From 1.</summary>
    public required int Number { get; init; }

    /// <summary>The picture to learn to paint.</summary>
    public required string Target { get; init; }

    /// <summary>Pictures of the group; none where a face of the target is the reference.</summary>
    public required IReadOnlyList<string> References { get; init; }

    /// <summary>The face that is the reference, where there are no other pictures.</summary>
    public FaceBox? Face { get; init; }

    /// <summary>Captions, of which one is drawn; none stands for no words.</summary>
    public required IReadOnlyList<string> Texts { get; init; }
}

/// <summary>Where a face was found, in pixels of its picture, not necessarily inside of it.</summary>
internal readonly record struct FaceBox(double Left, double Top, double Right, double Bottom);
