using System.Text.Json;
using Dramatis.Errors;
using Dramatis.Files;
using Dramatis.Pictures;

namespace Dramatis.Benches.FastComposer;

/// <summary>People in a folder, laid out as the published ones: a folder each, named as they are, with a picture in it.</summary>
internal static class EvaluationPeople
{
    /// <summary>Says what those are who are not among the published: <c>{ "ada": "woman" }</c>.</summary>
    public const string FileName = "people.json";

    private const long Longest = 1 << 24;

    /// <summary>In the order of their names; of several pictures the first counts. <see cref="EvaluationSubject.File"/> is a path.</summary>
    /// <exception cref="InvalidDataSetException">There is nobody, or somebody has no picture or no word.</exception>
    public static IReadOnlyList<EvaluationSubject> Load(string folder)
    {
        try
        {
            var kinds = Kinds(Path.Combine(folder, FileName));
            string[] people = [.. Directory.EnumerateDirectories(folder).Order(StringComparer.Ordinal)];
            return people.Length > 0
                ? [.. people.Select(person => Person(person, kinds))]
                : throw new InvalidDataSetException(folder, "has nobody; make a folder for each person, with a picture in it.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InvalidDataSetException(folder, $"{FileProblem.OfFolder(folder, e)} It has a folder for each person, with a picture in it.", e);
        }
    }

    private static EvaluationSubject Person(string folder, IReadOnlyDictionary<string, string> kinds)
    {
        var id = Path.GetFileName(folder);
        var picture = VisibleFiles.In(folder).Where(PictureFormats.IsPicture).Order(StringComparer.Ordinal).FirstOrDefault()
            ?? throw new InvalidDataSetException(folder, "has no picture; put one there that shows the face.");
        var kind = kinds.GetValueOrDefault(id) ?? EvaluationSubjects.All.FirstOrDefault(known => known.Id == id)?.Kind
            ?? throw new InvalidDataSetException(folder, $"nothing says what \"{id}\" is; write {{ \"{id}\": \"woman\" }} into {FileName} beside the folder.");
        return new(id, kind, picture);
    }

    private static Dictionary<string, string> Kinds(string path)
    {
        try
        {
            return File.Exists(path) ? JsonSerializer.Deserialize<Dictionary<string, string>>(TextFile.Read(path, Longest, "such a list")) ?? [] : [];
        }
        catch (Exception e) when (FileProblem.Is(e))
        {
            throw new InvalidDataSetException(path, $"{FileProblem.Of(path, e)} It is a JSON object of names and words, such as {{ \"ada\": \"woman\" }}.", e);
        }
    }
}
