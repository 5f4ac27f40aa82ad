namespace Dramatis.Tokenizers;

/// <summary>What transformers' CLIP tokenizer does to a text before it looks for tokens: its versions and what is installed beside them differ.</summary>
internal enum TextCleaning
{
    /// <summary>Versions from 4.27 on, without ftfy: ideographs stand alone.</summary>
    Usual,

    /// <summary>Versions before, without ftfy: besides, accents go and each mark of punctuation stands alone.</summary>
    Basic,

    /// <summary>With ftfy: ideographs stay together, and characters that stand for others become those.</summary>
    Ftfy,
}
