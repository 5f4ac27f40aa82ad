using Dramatis.Errors;

namespace Dramatis.Training.Preparation;

/// <summary>What to make records of.</summary>
public sealed record PreparationOptions
{
    /// <summary>Folder of pictures and clips, with their captions.</summary>
    public required string Data { get; init; }

    /// <summary>Folder of the data set.</summary>
    public required string Output { get; init; }

    /// <summary>Which boxes are kept.</summary>
    public PreparationFilters Filters { get; init; } = new();

    /// <summary>Pairs of frames that are taken from a clip.</summary>
    public int Pairs { get; init; } = 1;

    /// <summary>Of one record; the surest stay.</summary>
    public int MostSubjects { get; init; } = 4;

    /// <summary>
    /// Whether the pictures are written as FastComposer's published data set is laid out, too: <c>image_ids_train.txt</c>, and for each picture its
    /// caption with segments and its label map. Clips have no such layout and are refused.
    /// </summary>
    public bool LabelMaps { get; init; }

    /// <exception cref="InvalidRequestException">A number makes no sense.</exception>
    public void Validate()
    {
        InvalidRequestException.ThrowUnless(Pairs > 0, "pairs", $"{Pairs} is not a number of at least 1.");
        InvalidRequestException.ThrowUnless(MostSubjects > 0, "most_subjects", $"{MostSubjects} is not a number of at least 1.");
    }
}
