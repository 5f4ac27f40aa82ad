using Dramatis.Errors;

namespace Dramatis.Requests;

/// <summary>What users call layout modes.</summary>
internal static class LayoutModes
{
    private static readonly (LayoutMode Mode, string Name)[] Names = [(LayoutMode.Boxes, "boxes"), (LayoutMode.Auto, "auto"), (LayoutMode.Whole, "whole")];

    public static IReadOnlyList<string> All { get; } = [.. Names.Select(item => item.Name)];

    /// <exception cref="InvalidRequestException">There is no such mode.</exception>
    public static LayoutMode Parse(string name, string field) => Find(name) ?? throw new InvalidRequestException(field, Unknown(name));

    internal static LayoutMode? Find(string name) => Array.Find(Names, item => item.Name == name) is { Name: not null } found ? found.Mode : null;

    internal static string Unknown(string name) => $"\"{name}\" {Spelling.Unknown(name, All)}";

    public static string NameOf(LayoutMode mode) => Array.Find(Names, item => item.Mode == mode).Name;
}
