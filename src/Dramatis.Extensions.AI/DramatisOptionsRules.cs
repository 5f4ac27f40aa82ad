using Dramatis.Errors;
using Microsoft.Extensions.Options;

namespace Dramatis.Extensions.AI;

/// <summary>Refuses options when the program starts, by the name of the setting.</summary>
internal sealed class DramatisOptionsRules : IValidateOptions<DramatisOptions>
{
    public ValidateOptionsResult Validate(string? name, DramatisOptions options)
    {
        var model = options.ModelOrToybox;
        return options.PreviewEvery < 0
            ? Fail(nameof(options.PreviewEvery), $"is {options.PreviewEvery}; write how many steps lie between previews, or 0 for none.")
            : !Enum.IsDefined(options.Precision)
            ? Fail(nameof(options.Precision), $"is unknown; choose {string.Join(", ", Enum.GetNames<Tensors.Precision>())}.")
            : options.Folder is { } folder && !Directory.Exists(folder) ? Fail(nameof(options.Folder), $"{folder} is no folder; make it, or leave it out.")
            : options.Model is null && !Path.Exists(model)
            ? Fail(nameof(options.Model), "is missing; name a model, or add the package Dramatis.Toybox, which brings one.")
            : Problem(() => options.Catalog?.Locate(model)) is { } problem ? Fail(nameof(options.Model), problem)
            : options.Catalog is null && !Path.Exists(model) ? Fail(nameof(options.Model), $"{model} is no folder or file; name one that is there.")
            : ValidateOptionsResult.Success;
    }

    private static ValidateOptionsResult Fail(string setting, string problem) => ValidateOptionsResult.Fail($"Dramatis:{setting} {problem}");

    private static string? Problem(Action check)
    {
        try
        {
            check();
            return null;
        }
        catch (DramatisException e)
        {
            return e.Message;
        }
    }
}
