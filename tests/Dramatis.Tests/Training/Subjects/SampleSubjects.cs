using Dramatis.Pictures;
using Dramatis.Training.Subjects;

namespace Dramatis.Tests.Training.Subjects;

/// <summary>Subjects of the samples, as trainings take them.</summary>
internal static class SampleSubjects
{
    /// <summary>The same picture thrice: as few as a training takes.</summary>
    public static IReadOnlyList<SubjectPicture> Pictures(string subject) => [.. Enumerable.Repeat(Picture(subject), SubjectFolder.FewestPictures)];

    public static SubjectPicture Picture(string subject) =>
        new(subject, PictureReader.Read(Repository.SubjectPicture(subject)).Over(Rgb.Gray(128)));
}
