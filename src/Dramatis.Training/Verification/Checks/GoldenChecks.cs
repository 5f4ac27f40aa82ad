namespace Dramatis.Verification.Checks;

/// <summary>Every check there is, one a line.</summary>
internal static class GoldenChecks
{
    public static IReadOnlyList<IGoldenCheck> All { get; } =
    [
        new VaeCheck(),
        new ClipTextCheck(),
        new ClipVisionCheck(),
        new UNetCheck(),
        new ControlNetCheck(),
        new SchedulerCheck(),
        new TokenizerCheck(),
        new FormatsCheck(),
        new ResizeCheck(),
        new PreprocessCheck(),
        new ClipScoreCheck(),
        new DinoCheck(),
        new ScoresCheck(),
        new FrechetCheck(),
        new BoxCheck(),
        new MsResamplerCheck(),
        new MsAttentionCheck(),
        new IpProjectorCheck(),
        new IpDenoiserCheck(),
        new IpMaskCheck(),
        new IpPipelineCheck(),
        new IpMaskedPipelineCheck(),
        new MsAutoLayoutCheck(),
        new MsDenoiserCheck(),
        new MsPhraseCheck(),
        new MsPreprocessCheck(),
        new MsPipelineCheck(),
        new MsDataSetCheck(),
        new MsTrainCheck(),
        new MsBenchCheck(),
        new FastComposerPostfuseCheck(),
        new FastComposerTokenizeCheck(),
        new FastComposerTextCheck(),
        new FastComposerImageCheck(),
        new FastComposerObjectCheck(),
        new FastComposerPipelineCheck(),
        new PipelineCheck(),
        new Cones2TextCheck(),
        new Cones2ResidualCheck(),
        new Cones2LayoutCheck(),
        new Cones2AttentionCheck(),
        new Cones2PipelineCheck(),
        new LoraCheck(),
        new LoraTrainCheck(),
        new EmbeddingFilesCheck(),
        new TextualInversionTrainCheck(),
        new DreamBoothCheck(),
        new CustomDiffusionTrainCheck(),
        new CustomDiffusionMergeCheck(),
        new Cones2TrainCheck(),
    ];

    /// <summary>The check for a component, or null when we do not have it yet.</summary>
    public static IGoldenCheck? For(string component) => All.FirstOrDefault(check => check.Components.Contains(component));
}
