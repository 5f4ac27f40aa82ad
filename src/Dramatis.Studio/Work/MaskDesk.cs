using Dramatis.Requests;
using Dramatis.Studio.Stages;

namespace Dramatis.Studio.Work;

/// <summary>What the brush paints: the place of the chosen subject, or without one what of the first picture is painted anew.</summary>
public sealed class MaskDesk(StudioSession session, StageDesk desk)
{
    private const string PictureColour = "#e9eaf0";

    /// <summary>The mask as it is, by its id; null for none.</summary>
    public string? Current => (Actor is { } actor ? desk.Stage.Actors[actor].Subject.PlaceMask : desk.Stage.Order.Mask)?.Path;

    public string Colour => Actor is { } actor ? ActorColours.Of(desk.Stage.Actors[actor].Colour) : PictureColour;

    /// <summary>Whether there is anything to be masked.</summary>
    public bool HasSubject => Actor is not null || desk.Stage.Order.Image is not null;

    private int? Actor => desk.Selected;

    /// <param name="png">White where the brush has been.</param>
    /// <param name="stored">Told its id before the stage changes.</param>
    public async Task TakeAsync(byte[] png, Action<string> stored)
    {
        var target = Actor;
        var mask = Reference.FromFile((await session.Workshop.UploadAsync(png, "mask", CancellationToken.None)).Id);
        stored(mask.Path!);
        desk.Apply(stage => target is { } actor
            ? stage.WithSubject(actor, subject => subject with { Place = null, PlaceMask = mask })
            : stage with { Order = stage.Order with { Mask = mask } });
    }
}
