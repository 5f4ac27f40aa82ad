namespace Dramatis.Requests;

/// <summary>What happens while a request is worked on.</summary>
public abstract record GenerationEvent;

/// <summary>The model is in memory; steps begin.</summary>
/// <param name="Model">Its folder.</param>
/// <param name="Fingerprint">Stands for its weights.</param>
/// <param name="Seconds">How long loading took; 0 when it was there already.</param>
public sealed record ModelReady(string Model, string Fingerprint, double Seconds) : GenerationEvent;

/// <summary>A subject that came without a place has one.</summary>
/// <param name="Picture">From 0.</param>
/// <param name="Subject">From 0.</param>
public sealed record SubjectPlaced(int Picture, int Subject, string Phrase, Box Place) : GenerationEvent;

/// <summary>The ground of a reference was cut or cropped away; <see cref="CutOutMode.None"/> keeps it.</summary>
/// <param name="Subject">From 0.</param>
/// <param name="Reference">From 0.</param>
/// <param name="Png">A PNG file of the reference, transparent where nothing of it will be seen; of one that was cropped, what is left.</param>
public sealed record SubjectCutOut(int Subject, int Reference, string Phrase, byte[] Png) : GenerationEvent
{
    /// <summary>What became of the ground: never <see cref="CutOutMode.None"/>.</summary>
    public CutOutMode Mode { get; init; }
}

/// <summary>Something is not done to the letter.</summary>
/// <param name="Field">The field of the request, for example <c>size</c>.</param>
/// <param name="Text">What is done instead, and why.</param>
public sealed record Notice(string Field, string Text) : GenerationEvent;

/// <summary>One step of one picture is done.</summary>
/// <param name="Picture">From 0.</param>
/// <param name="Step">Steps done, from 1 to <paramref name="Count"/>.</param>
public sealed record StepDone(int Picture, int Step, int Count) : GenerationEvent;

/// <summary>What a picture looks like so far, roughly.</summary>
/// <param name="Picture">From 0.</param>
/// <param name="Step">Steps done.</param>
/// <param name="Png">A PNG file, smaller than the picture.</param>
public sealed record Preview(int Picture, int Step, byte[] Png) : GenerationEvent;

/// <summary>A picture is done.</summary>
/// <param name="Picture">From 0.</param>
/// <param name="Png">A PNG file that carries its request.</param>
public sealed record PictureDone(int Picture, ulong Seed, byte[] Png) : GenerationEvent;
