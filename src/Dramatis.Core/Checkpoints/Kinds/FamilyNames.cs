namespace Dramatis.Checkpoints.Kinds;

/// <summary>What the published base models are called.</summary>
public static class FamilyNames
{
    /// <summary>Of 512 pixels, text 768 wide.</summary>
    public const string Sd15 = "Stable Diffusion 1.x";

    /// <summary>Of 512 or 768 pixels, text 1,024 wide.</summary>
    public const string Sd21 = "Stable Diffusion 2.x";

    /// <summary>Of 1,024 pixels, text 2,048 wide, of two encoders.</summary>
    public const string Sdxl = "SDXL";
}
