namespace Dramatis.Requests;

/// <summary>Layout options from and to JSON.</summary>
internal static class LayoutJson
{
    private static readonly LayoutOptions Usual = LayoutOptions.Usual;

    public static string[] Fields { get; } = ["mode", "threshold", "start_step", "grounding", "file", "binding", "compat"];

    /// <param name="folder">What paths are relative to.</param>
    public static LayoutOptions ToOptions(LayoutBody body, string folder) => new()
    {
        Mode = body.Mode is { } mode ? LayoutModes.Parse(mode, "layout.mode") : Usual.Mode,
        Threshold = body.Threshold ?? Usual.Threshold,
        StartStep = body.StartStep ?? Usual.StartStep,
        Grounding = body.Grounding ?? Usual.Grounding,
        File = body.File is { } file ? Path.Combine(folder, file) : null,
        Binding = body.Binding ?? Usual.Binding,
        Compat = body.Compat ?? Usual.Compat,
    };

    /// <summary>What differs from the usual; null when nothing does.</summary>
    /// <param name="folder">What paths are written relative to; null leaves them as they are.</param>
    public static LayoutBody? ToBody(LayoutOptions options, string? folder) => options == Usual ? null : new()
    {
        Mode = options.Mode == Usual.Mode ? null : LayoutModes.NameOf(options.Mode),
        Threshold = options.Threshold == Usual.Threshold ? null : options.Threshold,
        StartStep = options.StartStep == Usual.StartStep ? null : options.StartStep,
        Grounding = options.Grounding == Usual.Grounding ? null : options.Grounding,
        File = options.File is { } file ? RequestPaths.FromFile(file, folder) : null,
        Binding = options.Binding == Usual.Binding ? null : options.Binding,
        Compat = options.Compat == Usual.Compat ? null : options.Compat,
    };
}
