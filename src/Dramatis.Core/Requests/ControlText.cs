using Dramatis.Errors;

namespace Dramatis.Requests;

/// <summary>Controls and files of low-rank weights in one line, as the command line has them.</summary>
/// <remarks><c>MODEL=PICTURE[@SCALE[,START,END]]</c>, for example <c>models/edges=edges.png@0.8,0,0.6</c>; <c>FILE[*SCALE]</c>.</remarks>
internal static class ControlText
{
    /// <summary>For help texts.</summary>
    internal const string Meaning = "CONTROLNET=PICTURE[@SCALE[,START,END]], a name of 'dramatis models', a folder or a file first; may be given again.";

    internal const string LoraMeaning = "FILE|NAME[*SCALE]: a LoRA, a learned word or layers of Custom Diffusion on the model; may be given again.";

    private const string Form = "write MODEL=PICTURE[@SCALE[,START,END]]";
    private const string Field = "--control";

    /// <exception cref="InvalidRequestException">The text has another form; the message says where.</exception>
    public static Control Parse(string text)
    {
        var equals = text.IndexOf('=', StringComparison.Ordinal);
        var (picture, numbers) = OptionText.Split(text[(equals + 1)..], '@');
        if (equals <= 0 || picture.Length == 0)
        {
            throw new InvalidRequestException(Field, $"\"{text}\" has no model, '=' and picture; {Form}.");
        }

        var usual = new Control { Model = text[..equals].Trim(), Picture = Reference.FromFile(picture.Trim()) };
        return numbers is null ? usual : OptionText.Numbers(Field, numbers, Form) switch
        {
            [var scale] => usual with { Scale = scale },
            [var scale, var start, var end] => usual with { Scale = scale, Start = start, End = end },
            var other => throw new InvalidRequestException(Field, $"\"{text}\" has {other.Length} numbers after '@', not 1 or 3; {Form}."),
        };
    }

    /// <exception cref="InvalidRequestException">The text has another form; the message says where.</exception>
    public static Lora ParseLora(string text)
    {
        const string LoraField = "--lora";
        const string LoraForm = "write FILE[*SCALE]";
        var (file, scale) = OptionText.Split(text, '*');
        return file.Length == 0 ? throw new InvalidRequestException(LoraField, $"\"{text}\" names no file; {LoraForm}.")
            : scale is null ? new(file)
            : OptionText.Numbers(LoraField, scale, LoraForm) is [var factor] ? new(file, factor)
            : throw new InvalidRequestException(LoraField, $"\"{text}\" has more than one number after '*'; {LoraForm}.");
    }
}
