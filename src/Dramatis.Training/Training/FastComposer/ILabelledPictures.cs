namespace Dramatis.Training.FastComposer;

/// <summary>A data set of pictures with labels.</summary>
internal interface ILabelledPictures
{
    int Count { get; }

    /// <exception cref="Errors.DramatisException">A file is no longer what it was when it was checked, or labels do not fit their picture.</exception>
    LabelledPicture Read(int index);
}
