using System.Reflection.Emit;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;

namespace Dramatis.Tests.Architecture;

/// <summary>Walks the instructions of a method for the tokens they carry: types, members and texts.</summary>
internal static class MethodBody
{
    private static readonly Dictionary<ushort, OperandType> Operands = typeof(OpCodes).GetFields()
        .Select(field => (OpCode)field.GetValue(null)!)
        .ToDictionary(code => (ushort)code.Value, code => code.OperandType);

    public static List<Handle> TokensOf(MethodBodyBlock body)
    {
        var tokens = new List<Handle>();
        for (var code = body.GetILReader(); code.RemainingBytes > 0;)
        {
            int first = code.ReadByte();
            var operand = Operands[(ushort)(first == 0xFE ? 0xFE00 | code.ReadByte() : first)];
            if (operand is OperandType.InlineMethod or OperandType.InlineField or OperandType.InlineType
                or OperandType.InlineTok or OperandType.InlineSig or OperandType.InlineString)
            {
                tokens.Add(MetadataTokens.Handle(code.ReadInt32()));
            }
            else
            {
                var size = operand == OperandType.InlineSwitch ? 4 * code.ReadInt32() : SizeOf(operand);
                code.Offset += size;
            }
        }

        return tokens;
    }

    private static int SizeOf(OperandType operand) => operand switch
    {
        OperandType.InlineNone => 0,
        OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
        OperandType.InlineVar => 2,
        OperandType.InlineBrTarget or OperandType.InlineI or OperandType.ShortInlineR => 4,
        OperandType.InlineI8 or OperandType.InlineR => 8,
        _ => throw new NotSupportedException($"No instruction has the operand {operand}."),
    };
}
