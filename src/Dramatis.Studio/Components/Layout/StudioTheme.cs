using MudBlazor;

namespace Dramatis.Studio.Components.Layout;

/// <summary>Calm colours, one accent; subjects bring the others.</summary>
internal static class StudioTheme
{
    private static readonly string[] Letters = ["Inter", "system-ui", "-apple-system", "Segoe UI", "Roboto", "sans-serif"];

    public static MudTheme Theme { get; } = new()
    {
        PaletteLight = new PaletteLight()
        {
            Primary = "#4353c4",
            Secondary = "#4353c4",
            Background = "#f4f4f6",
            Surface = "#ffffff",
            AppbarBackground = "#ffffff",
            AppbarText = "#20222a",
            DrawerBackground = "#ffffff",
            TextPrimary = "#20222a",
            TextSecondary = "#575c6b",
            ActionDefault = "#575c6b",
            LinesDefault = "#dcdde3",
            LinesInputs = "#8b90a0",
            Divider = "#e3e4ea",
            Error = "#b3261e",
            Warning = "#8a5a00",
            Success = "#2a7a3f",
        },
        PaletteDark = new PaletteDark()
        {
            Primary = "#9aa8ff",
            PrimaryContrastText = "#12141c",
            Secondary = "#9aa8ff",
            Background = "#15161b",
            Surface = "#1d1f26",
            AppbarBackground = "#1d1f26",
            AppbarText = "#e9eaf0",
            DrawerBackground = "#1d1f26",
            TextPrimary = "#e9eaf0",
            TextSecondary = "#a7acbb",
            ActionDefault = "#a7acbb",
            LinesDefault = "#30333d",
            LinesInputs = "#6b7080",
            Divider = "#2a2d36",
            Error = "#ff8a80",
            Warning = "#f0c26a",
            Success = "#7fd195",
        },
        Typography = new()
        {
            Default = new DefaultTypography { FontFamily = Letters, FontSize = ".875rem", LetterSpacing = "normal" },
            Button = new ButtonTypography { FontFamily = Letters, TextTransform = "none", FontWeight = "600", LetterSpacing = "normal" },
        },
        LayoutProperties = new() { DefaultBorderRadius = "8px", AppbarHeight = "52px" },
    };
}
