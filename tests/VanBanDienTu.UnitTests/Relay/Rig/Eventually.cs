namespace VanBanDienTu.UnitTests.Relay.Rig;

/// <summary>Waits for what background workers bring about.</summary>
internal static class Eventually
{
    public static async Task TrueAsync(Func<Task<bool>> condition)
    {
        for (var i = 0; i < 600; i++)
        {
            if (await condition())
                return;
            await Task.Delay(50);
        }

        Assert.Fail("It did not happen within 30 seconds.");
    }
}
