namespace Dramatis.Checkpoints.Kinds;

/// <summary>What a file of weights is to those who read it: all layouts that one reader knows are one type.</summary>
public enum CheckpointType
{
    /// <summary>Of a kind that is known by name only: a network of a model, an adapter, or something that is not supported.</summary>
    Other,

    /// <summary>A base model in one file, with the original code's names: Stable Diffusion 1.x.</summary>
    Sd15File,

    /// <summary>The same of Stable Diffusion 2.x.</summary>
    Sd21File,

    /// <summary>The same of SDXL.</summary>
    SdxlFile,

    /// <summary>With diffusers' names.</summary>
    ControlNet,

    /// <summary>A ControlNet with the original code's names, alone or beside its base model.</summary>
    OriginalControlNet,

    /// <summary>Tokens from the one embedding of a picture.</summary>
    IpAdapter,

    /// <summary>Tokens from a picture's features, by a resampler.</summary>
    IpAdapterPlus,

    /// <summary>A token from each of a picture's features.</summary>
    IpAdapterFull,

    /// <summary>Needs a face recognition model.</summary>
    IpAdapterFaceId,

    /// <summary>Changes of a model's layers: of low rank, or any of LyCORIS' kinds.</summary>
    Lora,

    /// <summary>The cross-attention layers of Custom Diffusion, with or without its words.</summary>
    CustomDiffusion,

    /// <summary>The concept neurons of Cones.</summary>
    ConceptNeurons,

    /// <summary>A learned word of Textual Inversion.</summary>
    LearnedWord,

    /// <summary>A residual of Cones 2; the file of a word that was saved as one tensor looks the same.</summary>
    Residual,

    /// <summary>Rows under plain names: residuals of Cones 2 by subject, or a word without brackets. Who gives the file must say which.</summary>
    LearnedRows,
}
