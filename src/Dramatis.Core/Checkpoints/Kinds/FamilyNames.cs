namespace Dramatis.Checkpoints.Kinds;

/// <summary>What the published base models are called.</summary>
public static class FamilyNames
{
    public const string Sd15 = "Stable Diffusion 1.x";
    public const string Sd21 = "Stable Diffusion 2.x";
    public const string Sdxl = "SDXL";
}
