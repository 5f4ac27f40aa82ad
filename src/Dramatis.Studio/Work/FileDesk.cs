using System.Text;
using Dramatis.Errors;
using Dramatis.Methods;
using Dramatis.Methods.Catalog;
using Dramatis.Requests;
using Dramatis.Studio.Service;
using Dramatis.Studio.Stages;
using Dramatis.Weights.Catalog;
using CastMember = Dramatis.Studio.Service.CastMember;

namespace Dramatis.Studio.Work;

/// <summary>What comes onto the stage: pictures as subjects, pictures of Dramatis and order files as whole stages.</summary>
public sealed class FileDesk(StudioSession session, StageDesk desk, MaskDesk masks)
{
    private const int LargestOrder = 4 << 20;

    private static readonly double[] Columns = [.28, .72, .5];
    private static readonly double[] Rows = [.6, .3];

    // Names stay names; what they name is looked up.
    private static readonly RequestFiles AnyName = new() { Locate = Path.GetFileName, LocateModel = Path.GetFileName };

    /// <summary>Takes in a file.</summary>
    /// <param name="x">Where it fell, as a fraction of the picture; below 0 for nowhere.</param>
    /// <returns>What is to be told of it, or null.</returns>
    /// <exception cref="DramatisException">It is nothing that the stage can use.</exception>
    public async Task<string?> TakeAsync(byte[] file, string name, double x, double y, CancellationToken stop)
    {
        if (file is [(byte)'{', ..] && file.Length <= LargestOrder)
        {
            return await OpenAsync(RequestJson.Parse(Encoding.UTF8.GetString(file), AnyName), stop);
        }

        if (PictureRecord.Find(name, file, AnyName) is { } record)
        {
            return await OpenAsync(record.Request, stop);
        }

        var picture = await session.Workshop.UploadAsync(file, name, stop);
        Add(picture, PhraseOf(name), x, y);
        return null;
    }

    /// <summary>A picture more for a subject.</summary>
    /// <inheritdoc cref="IWorkshop.UploadAsync" path="/exception"/>
    public async Task AddReferenceAsync(int actor, byte[] file, string name, CancellationToken stop)
    {
        if (!desk.Stage.Has(actor))
        {
            return;
        }

        var (subject, colour, _) = desk.Stage.Actors[actor];
        var picture = await session.Workshop.UploadAsync(file, name, stop);
        var whole = subject.ReferenceMasks.Count > 0 ? await masks.WholeAsync(picture) : null;
        desk.Apply(stage => stage.IndexOf(colour) is not { } now ? stage : stage.WithSubject(now, item => item with
        {
            References = [.. item.References, Reference.FromFile(picture.Id)],
            ReferenceMasks = whole is null || item.ReferenceMasks.Count == 0 ? item.ReferenceMasks : [.. item.ReferenceMasks, whole],
        }));
    }

    /// <summary>A painted picture as a subject.</summary>
    public async Task AddPaintedAsync(string id, double x, double y, CancellationToken stop)
    {
        if (await session.Workshop.ReadPaintedAsync(id, stop) is { } file)
        {
            Add(await session.Workshop.UploadAsync(file, "picture", stop), "", x, y);
        }
    }

    /// <summary>A saved subject onto the stage.</summary>
    /// <param name="x">Where it fell, as a fraction of the picture; below 0 for nowhere.</param>
    public void AddMember(CastMember member, double x, double y)
    {
        desk.Apply(stage => stage.Add(SubjectOf(member, x < 0 ? null : Stage.Around(x, y, 1, desk.Ratio))));
        desk.Select(desk.Stage.Actors.Count - 1);
    }

    /// <summary>A saved subject as requests have it: what was learned of it where that goes with the model, or else its pictures.</summary>
    /// <param name="place">Null for where the others are not.</param>
    public Subject SubjectOf(CastMember member, Box? place = null)
    {
        if (member.Learned.FirstOrDefault(item => item.Model == (desk.Stage.Order.Model ?? ModelCatalog.Embedded)) is not { } learned)
        {
            return new() { Phrase = member.Phrase, References = [.. member.Pictures.Select(Reference.FromFile)], Place = place ?? Free(desk.Stage, 1) };
        }

        // What is learned into the model's weights or words stands wherever the model puts it.
        var hasPlace = MethodCatalog.All.Any(method => method.Name == learned.Method && method.Reads.HasFlag(MethodReads.Place));
        return new() { Phrase = member.Name, Learned = [new($"{CastBook.Mark}{member.Name}")], Place = hasPlace ? place ?? Free(desk.Stage, 1) : null };
    }

    /// <summary>Another stage, without the pictures that are not here.</summary>
    /// <returns>What is missing, or null.</returns>
    public async Task<string?> OpenAsync(GenerationRequest request, CancellationToken stop)
    {
        var missing = new HashSet<Reference>();
        foreach (var (_, picture) in request.Pictures)
        {
            if (picture.Path is null || await session.Workshop.FindPictureAsync(picture.Path, stop) is null)
            {
                missing.Add(picture);
            }
        }

        desk.Open(Stage.Of(Without(request, missing)));
        return missing.Count == 0 ? null
            : $"{(missing.Count == 1 ? "One picture is" : $"{missing.Count} pictures are")} not kept here: drop {(missing.Count == 1 ? "it" : "them")} on their subjects again.";
    }

    /// <summary>The sample cast, which comes with the program.</summary>
    public async Task OpenSampleAsync(CancellationToken stop)
    {
        var order = RequestJson.Parse(Encoding.UTF8.GetString(SampleCast.Read("cast.json")), AnyName);
        var subjects = new List<Subject>();
        foreach (var subject in order.Subjects)
        {
            var file = subject.References[0].Path!;
            var picture = await session.Workshop.UploadAsync(SampleCast.Read(file), file, stop);
            subjects.Add(subject with { References = [Reference.FromFile(picture.Id)] });
        }

        desk.Open(Stage.Of(order with { Subjects = subjects }));
    }

    private void Add(StoredPicture picture, string phrase, double x, double y)
    {
        desk.Apply(stage => stage.Add(new()
        {
            Phrase = phrase,
            References = [Reference.FromFile(picture.Id)],
            Place = x < 0 ? Free(stage, picture.Shape) : Stage.Around(x, y, picture.Shape, desk.Ratio),
        }));
        desk.Select(desk.Stage.Actors.Count - 1);
    }

    // Where the others are not.
    private Box Free(Stage stage, double shape)
    {
        var spots = from y in Rows from x in Columns select Stage.Around(x, y, shape, desk.Ratio);
        return spots.MinBy(spot => stage.Actors.Sum(actor => actor.Subject.Place is { } place ? spot.Overlap(place) : 0));
    }

    private static GenerationRequest Without(GenerationRequest request, HashSet<Reference> missing)
    {
        var image = Kept(request.Image);
        return request with
        {
            References = [.. request.References.Where(IsThere)],
            Subjects = [.. request.Subjects.Select(subject => subject with
            {
                References = [.. subject.References.Where(IsThere)],
                ReferenceMasks = subject.References.Concat(subject.ReferenceMasks).All(IsThere) ? subject.ReferenceMasks : [],
                PlaceMask = Kept(subject.PlaceMask),
            })],
            Image = image,
            Mask = image is null ? null : Kept(request.Mask),
            Denoise = image is null ? null : request.Denoise,
            Controls = [.. request.Controls.Where(control => IsThere(control.Picture))],
        };

        bool IsThere(Reference picture) => !missing.Contains(picture);

        Reference? Kept(Reference? picture) => picture is not null && IsThere(picture) ? picture : null;
    }

    // A file's name where it says what is in it.
    private static string PhraseOf(string name)
    {
        var words = Path.GetFileNameWithoutExtension(name).Replace('_', ' ').Replace('-', ' ').Trim().ToLowerInvariant();
        var isNamed = words.Length is > 1 and < 30 && words.All(letter => char.IsLetter(letter) || letter == ' ');
        return isNamed && words is not ("image" or "picture" or "photo" or "screenshot" or "download" or "unnamed" or "out") ? words : "";
    }
}
