namespace Dramatis.Cli.Usage;

/// <summary>What other programs call what a command or flag here does.</summary>
internal static class OtherWords
{
    private static readonly (string Ours, string[] Others)[] Commands =
    [
        ("paint", ["generate", "txt2img", "img2img", "inpaint", "draw", "create", "run", "make", "render", "sample"]),
        ("train", ["learn", "finetune", "fine-tune", "dreambooth", "lora", "textual-inversion"]),
        ("models", ["list", "model", "ls"]),
        ("inspect", ["info", "show", "describe"]),
        ("verify", ["test", "check"]),
        ("--version", ["version"]),
    ];

    private static readonly string[] Downloads = ["pull", "download", "fetch", "get", "install"];

    private static readonly (string Ours, string[] Others)[] Flags =
    [
        ("--guidance", ["cfg", "cfg-scale", "guidance-scale", "scale"]),
        ("--denoise", ["strength", "denoising-strength", "img2img-strength"]),
        ("--steps", ["num-inference-steps", "inference-steps", "num-steps", "sampling-steps", "ddim-steps", "max-train-steps"]),
        ("--sampler", ["scheduler", "sampling-method"]),
        ("--schedule", ["noise-schedule", "karras"]),
        ("--negative", ["negative-prompt", "neg", "np"]),
        ("--size", ["width", "height", "w", "h", "resolution", "dimensions"]),
        ("--count", ["n", "num", "number", "num-images", "num-images-per-prompt", "batch-size", "batch-count", "samples", "n-samples", "n-iter"]),
        ("--image", ["init", "init-image", "init-img", "input", "input-image", "img"]),
        ("--mask", ["mask-image", "inpaint-mask"]),
        ("--output", ["out", "outdir", "output-dir", "save", "filename"]),
        ("--model", ["checkpoint", "ckpt", "model-path", "pretrained-model-name-or-path", "base", "base-model"]),
        ("--subject", ["reference", "ref", "references", "ip-adapter-image", "place", "region", "box", "bbox", "subjects"]),
        ("--references", ["instance-data-dir", "pictures", "images", "folder", "train-data-dir"]),
        ("--rate", ["lr", "learning-rate"]),
        ("--batch", ["train-batch-size", "batch-size"]),
        ("--control", ["controlnet", "control-image"]),
        ("--lora", ["loras", "embedding", "textual-inversion"]),
        ("--precision", ["dtype", "fp16", "bf16", "half", "mixed-precision"]),
        ("--device", ["cuda", "gpu", "cpu"]),
        ("--again", ["repeat", "from-picture"]),
    ];

    /// <summary>Whether a word asks for a download, which no command does.</summary>
    public static bool AsksForDownload(string word) => Downloads.Contains(word.ToLowerInvariant());

    /// <summary>The command or flag that another word stands for, or null.</summary>
    /// <param name="known">Those that there are here.</param>
    public static string? Find(string word, IEnumerable<string> known)
    {
        var plain = word.TrimStart('-').Replace('_', '-').ToLowerInvariant();
        return (word.StartsWith('-') ? Flags : Commands).FirstOrDefault(item => item.Others.Contains(plain) && known.Contains(item.Ours)).Ours;
    }
}
