namespace Dramatis.Requests;

/// <summary>Layout options from and to JSON.</summary>
internal static class LayoutJson
{
    private static readonly LayoutOptions Usual = LayoutOptions.Usual;

    public static string[] Fields { get; } = ["mode", "threshold", "start_step", "grounding", "binding", "compat"];

    public static LayoutOptions ToOptions(LayoutBody body) => new()
    {
        Mode = body.Mode is { } mode ? LayoutModes.Parse(mode, "layout.mode") : Usual.Mode,
        Threshold = body.Threshold ?? Usual.Threshold,
        StartStep = body.StartStep ?? Usual.StartStep,
        Grounding = body.Grounding ?? Usual.Grounding,
        Binding = body.Binding ?? Usual.Binding,
        Compat = body.Compat ?? Usual.Compat,
    };

    /// <summary>What differs from the usual; null when nothing does.</summary>
    public static LayoutBody? ToBody(LayoutOptions options) => options == Usual ? null : new()
    {
        Mode = options.Mode == Usual.Mode ? null : LayoutModes.NameOf(options.Mode),
        Threshold = options.Threshold == Usual.Threshold ? null : options.Threshold,
        StartStep = options.StartStep == Usual.StartStep ? null : options.StartStep,
        Grounding = options.Grounding == Usual.Grounding ? null : options.Grounding,
        Binding = options.Binding == Usual.Binding ? null : options.Binding,
        Compat = options.Compat == Usual.Compat ? null : options.Compat,
    };
}
