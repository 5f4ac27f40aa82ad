namespace Dramatis.Toybox.Grounds;

/// <summary>Paints lit grounds.</summary>
internal static class LitGrounds
{
    // In the order of GroundKinds.Lit.
    private static readonly Action<GroundBrush>[] Painters =
    [
        OpenGrounds.Beach, OpenGrounds.Meadow, OpenGrounds.Snow, OpenGrounds.Desert, OpenGrounds.Night, OpenGrounds.Sunset,
        OtherGrounds.Space, BuiltGrounds.Room, BuiltGrounds.City, OtherGrounds.UnderWater, OpenGrounds.Forest, OpenGrounds.Mountains,
        OpenGrounds.Garden, OpenGrounds.Autumn, OpenGrounds.Field, OpenGrounds.Jungle, OtherGrounds.Clouds, OtherGrounds.Lake,
        OtherGrounds.Rain, OtherGrounds.Ice, OtherGrounds.Cave, BuiltGrounds.Kitchen, BuiltGrounds.Library, BuiltGrounds.Stage,
        BuiltGrounds.Table, BuiltGrounds.Village, BuiltGrounds.Street,
    ];

    public static GroundView Paint(int kind, GroundBrush brush)
    {
        Painters[kind](brush);
        brush.LightUp(.1);
        return new(brush.Horizon, brush.Light);
    }
}
