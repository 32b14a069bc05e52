using VanBanDienTu.TestKit;

namespace VanBanDienTu.UnitTests.Relay.Rig;

/// <summary>Waits for what background workers bring about.</summary>
internal static class Eventually
{
    public static async Task TrueAsync(Func<Task<bool>> condition)
    {
        for (var patience = new Patience(); patience.Lasts;)
        {
            if (await condition())
                return;
            await Task.Delay(50);
        }

        Assert.Fail("It did not happen.");
    }
}
