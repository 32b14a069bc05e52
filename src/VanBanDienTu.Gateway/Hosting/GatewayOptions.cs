namespace VanBanDienTu.Gateway.Hosting;

/// <summary>What a test may put in place of the world.</summary>
public sealed record GatewayOptions
{
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
