using VanBanDienTu.Relay.Members;

namespace VanBanDienTu.UnitTests.Relay;

public sealed class MemberDirectoryTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 20, 8, 0, 0, TimeSpan.Zero);

    private static readonly MemberDirectory Directory = new(
        [
            new Member("G99", "Bộ Mẫu", Local: true), new Member("G99.5", "Cục khóa", Local: false) { Locked = true },
            new Member("G99.6", "Chưa đến hạn", Local: true) { ValidFrom = Now.AddDays(1) },
            new Member("G99.7", "Hết hạn", Local: true) { ValidTo = Now },
        ],
        [new("G12", "g12"), new("G12.1", "g12-1"), new("000.00.18.G12", "old-code"), new("Z01", "z"), new("*", "up")]);

    [Theory]
    [InlineData("G12", "g12")]
    [InlineData("G12.1", "g12-1")]
    [InlineData("G12.1.4", "g12-1")]
    [InlineData("G12.18", "g12")]
    [InlineData("000.00.18.G12", "old-code")]
    [InlineData("001.00.18.G12", "up")]
    [InlineData("Z01", "z")]
    [InlineData("Z01.5", "up")]
    [InlineData("H17.2", "up")]
    public void Routes_match_whole_dot_groups_longest_first_else_upward(string organ, string link) =>
        Assert.Equal(new RouteAnswer.Via(link), Directory.Route(organ, Now));

    [Fact]
    public void An_organ_of_this_node_needs_no_link() => Assert.Equal(new RouteAnswer.Local(), Directory.Route("G99", Now));

    [Theory]
    [InlineData("G99.5")]
    [InlineData("G99.6")]
    [InlineData("G99.7")]
    public void A_locked_early_or_late_member_is_not_reached(string organ) => Assert.Equal(new RouteAnswer.Locked(), Directory.Route(organ, Now));

    [Fact]
    public void Without_a_way_upward_an_unknown_organ_has_none() =>
        Assert.Equal(new RouteAnswer.None(), new MemberDirectory([], [new("G12", "g12")]).Route("G13", Now));
}
