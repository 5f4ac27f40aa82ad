using System.Text.RegularExpressions;

namespace Dramatis.Requests;

/// <summary>What steers other programs when it stands in a prompt. Here it is read as words, which is to be told.</summary>
internal static partial class ForeignSyntax
{
    private static readonly (Regex Form, Func<GenerationRequest, bool> IsRead, string Instead)[] Forms =
    [
        (Hypernetwork(), _ => false, "there are no hypernetworks here; leave it out."),
        (Network(), _ => false, "give the file beside the prompt, in \"loras\" (--lora FILE*SCALE)."),
        (Word(), _ => false, "give the file in \"loras\" (--lora FILE) and write the word that it brings."),
        (Weight(), request => request.PromptWeights, "set \"prompt_weights\" (--prompt-weights) for brackets that are weights."),
        (Stress(), request => request.PromptWeights, "set \"prompt_weights\" (--prompt-weights) for brackets that are weights."),
        (Change(), _ => false, "a prompt is the same in all steps here."),
        (Wildcard(), _ => false, "there are no wildcards here; write the words."),
        (Joint(), _ => false, "parts of a prompt are not read apart here; write a comma, and \"long_prompt\" (--long-prompt) reads all of it."),
        (Part(), _ => false, "parts of a prompt have no weights here; \"prompt_weights\" (--prompt-weights) reads (words:1.2)."),
        (Flag(), _ => false, "settings stand beside the prompt, not in it."),
    ];

    /// <summary>The first piece of each kind in both prompts: the field, and what to do instead.</summary>
    public static IEnumerable<(string Field, string Text)> Find(GenerationRequest request) =>
        from prompt in new[] { ("prompt", request.Prompt), ("negative_prompt", request.NegativePrompt) }
        from form in Forms
        where !form.IsRead(request)
        let found = form.Form.Match(prompt.Item2)
        where found.Success
        select (prompt.Item1, $"\"{found.Value.Trim()}\" is read as words: {form.Instead}");

    // <hypernet:name:0.8>
    [GeneratedRegex("<hypernet:[^<>]*>", RegexOptions.IgnoreCase)]
    private static partial Regex Hypernetwork();

    // <lora:name:0.8>
    [GeneratedRegex(@"<(?!hypernet:)\w+:[^<>]*>", RegexOptions.IgnoreCase)]
    private static partial Regex Network();

    // embedding:name
    [GeneratedRegex(@"(?<!\w)embedding:[\w./-]+", RegexOptions.IgnoreCase)]
    private static partial Regex Word();

    // (words:1.2)
    [GeneratedRegex(@"(?<!\\)\([^()]*:\s*[0-9]*\.?[0-9]+\s*\)")]
    private static partial Regex Weight();

    // ((words)) and [[words]]; one pair alone may be a bracket
    [GeneratedRegex(@"(?<!\\)(\({2,}[^()]+\){2,}|\[{2,}[^\[\]:|]+\]{2,})")]
    private static partial Regex Stress();

    // [from:to:0.5] and [one|other]
    [GeneratedRegex(@"(?<!\\)\[[^\[\]]*([:|])[^\[\]]*\]")]
    private static partial Regex Change();

    // __colour__
    [GeneratedRegex(@"(?<!\w)__[A-Za-z0-9][\w/-]*?__(?!\w)")]
    private static partial Regex Wildcard();

    // a cat BREAK a dog; in a prompt that is all capitals these are words
    [GeneratedRegex(@"(?<=\p{Ll}.*)(?<=^|\s)(BREAK|AND)(?=\s|$)|(?<=^|\s)(BREAK|AND)(?=\s.*\p{Ll})", RegexOptions.Singleline)]
    private static partial Regex Joint();

    // a cat::2 a dog::1
    [GeneratedRegex(@"(?<=\p{L})::-?[0-9]*\.?[0-9]+(?=\s|$)")]
    private static partial Regex Part();

    // --ar 16:9
    [GeneratedRegex(@"(?<=^|\s)--[a-z][a-z-]*(\s+[0-9][\w:.]*)?")]
    private static partial Regex Flag();
}
