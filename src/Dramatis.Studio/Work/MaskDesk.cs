using Dramatis.Pictures;
using Dramatis.Requests;
using Dramatis.Studio.Service;
using Dramatis.Studio.Stages;

namespace Dramatis.Studio.Work;

/// <summary>What the brush paints: the place of the chosen subject, or without one what of the first picture is painted anew.</summary>
public sealed class MaskDesk(StudioSession session, StageDesk desk)
{
    private const string PictureColour = "#e9eaf0";

    private readonly HashSet<string> wholes = [];

    /// <summary>The mask as it is, by its id; null for none.</summary>
    public string? Current => (Actor is { } actor ? desk.Stage.Actors[actor].Subject.PlaceMask : desk.Stage.Order.Mask)?.Path;

    public string Colour => Actor is { } actor ? ActorColours.Of(desk.Stage.Actors[actor].Colour) : PictureColour;

    /// <summary>Whether there is anything to be masked.</summary>
    public bool HasSubject => Actor is { } actor ? desk.Fields.TakesMask(desk.Stage.Actors[actor].Subject) : desk.Stage.Order.Image is not null;

    /// <summary>What of one of a subject's pictures shows it; null for all of it.</summary>
    /// <remarks>Requests have a mask for each picture, or none: where one is given, the others are white.</remarks>
    public async Task CutAsync(int actor, int picture, Reference? mask)
    {
        if (!desk.Stage.Has(actor))
        {
            return;
        }

        var (subject, colour, _) = desk.Stage.Actors[actor];
        var cuts = new List<Reference>();
        foreach (var (k, shown) in subject.References.Index())
        {
            var kept = k == picture ? mask : subject.ReferenceMasks.ElementAtOrDefault(k);
            cuts.Add(kept ?? await WholeAsync(await session.Workshop.FindPictureAsync(shown.Path!, CancellationToken.None) ?? new(shown.Path!, 1, 1)));
        }

        var masks = cuts.All(cut => wholes.Contains(cut.Path!)) ? [] : cuts;
        desk.Apply(stage => stage.IndexOf(colour) is { } now ? stage.WithSubject(now, item => item with { ReferenceMasks = masks }) : stage);
    }

    /// <summary>A mask that cuts nothing away.</summary>
    public async Task<Reference> WholeAsync(StoredPicture picture)
    {
        var white = PictureWriter.EncodePng(Picture.Filled(picture.Width, picture.Height, new(255, 255, 255)));
        var mask = Reference.FromFile((await session.Workshop.UploadAsync(white, "mask", CancellationToken.None)).Id);
        wholes.Add(mask.Path!);
        return mask;
    }

    /// <summary>Whether a mask is known to cut nothing away.</summary>
    public bool IsWhole(Reference mask) => wholes.Contains(mask.Path!);

    private int? Actor => desk.Selected;

    /// <param name="png">White where the brush has been.</param>
    /// <param name="stored">Told its id before the stage changes.</param>
    public async Task TakeAsync(byte[] png, Action<string> stored)
    {
        var colour = Actor is { } chosen ? desk.Stage.Actors[chosen].Colour : (int?)null;
        var mask = Reference.FromFile((await session.Workshop.UploadAsync(png, "mask", CancellationToken.None)).Id);
        stored(mask.Path!);
        desk.Apply(stage => colour is not { } painted ? stage with { Order = stage.Order with { Mask = mask } }
            : stage.IndexOf(painted) is { } actor ? stage.WithSubject(actor, subject => subject with { Place = null, PlaceMask = mask })
            : stage);
    }
}
