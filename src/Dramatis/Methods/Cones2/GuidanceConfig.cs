using Dramatis.Errors;
using Dramatis.Files;
using Dramatis.Pictures;
using Dramatis.Requests;
using Dramatis.Schedules;

namespace Dramatis.Methods.Cones2;

/// <summary>The official <c>guidance_config.json</c>: which residuals go where in the prompt, and which colours of a picture are whose place.</summary>
internal sealed record GuidanceConfig
{
    private const int LongestFile = 1 << 20;

    /// <summary>Null where the order says what to paint.</summary>
    public string? Prompt { get; init; }

    /// <summary>Files to add to the text, each at a position that counts the start of the text as 0.</summary>
    public IReadOnlyList<(string File, int Position)> Residuals { get; init; } = [];

    /// <summary>Words, the colour of their place, and what their attention gains there.</summary>
    public IReadOnlyList<(Rgb Colour, string Words, double Inside)> Regions { get; init; } = [];

    /// <summary>The layout picture; null when there are no regions.</summary>
    public string? Layout { get; init; }

    public LayoutGuidance Guidance { get; init; } = new();

    /// <summary>The files that it names.</summary>
    public IEnumerable<string> Files => Layout is null ? Residuals.Select(item => item.File) : [.. Residuals.Select(item => item.File), Layout];

    /// <summary>Whether a file is one of these and no order: its JSON is a list.</summary>
    public static bool Is(string path)
    {
        try
        {
            using var file = File.OpenText(path);
            int letter;
            do
            {
                letter = file.Read();
            }
            while (letter >= 0 && char.IsWhiteSpace((char)letter));

            return letter == '[';
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;    // whoever reads the order will say so
        }
    }

    /// <summary>Reads a file. Paths in it are relative to its folder.</summary>
    /// <exception cref="InvalidConfigException">It is missing, malformed, or lacks what it refers to.</exception>
    public static GuidanceConfig Load(string path)
    {
        try
        {
            return GuidanceJson.Parse(TextFile.Read(path, LongestFile, "a guidance file"), path);
        }
        catch (InvalidDataException e)
        {
            throw new InvalidConfigException(path, e.Message, e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InvalidConfigException(path, FileProblem.Of(path, e), e);
        }
    }

    /// <summary>The order that the official script takes such a file for. The size is the model's own.</summary>
    /// <exception cref="InvalidConfigException">The file cannot be used, or has no prompt.</exception>
    public static GenerationRequest ToRequest(string path) => new()
    {
        Prompt = (Load(path).Prompt ?? throw new InvalidConfigException(path, "\"prompt\" is missing."))
            .Replace("{", "{{", StringComparison.Ordinal).Replace("}", "}}", StringComparison.Ordinal),
        Layout = LayoutOptions.Usual with { File = path },
        Method = Cones2Method.Name,
        Steps = 50,
        Guidance = 7.5,
        Sampler = SamplerKinds.NameOf(SamplerKind.Euler),
    };
}
