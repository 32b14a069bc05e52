using VanBanDienTu.Axis;
using VanBanDienTu.Axis.Organs;

namespace VanBanDienTu.UnitTests.Axis;

public sealed class OrganIdTests
{
    [Theory]
    [InlineData("G22", OrganIdForm.Qd20)]
    [InlineData("G12.18", OrganIdForm.Qd20)]
    [InlineData("H26.1.2A.30", OrganIdForm.Qd20)]
    [InlineData("000.00.18.G12", OrganIdForm.Qcvn102)]
    [InlineData("000.00.00.G12", OrganIdForm.Qcvn102)]
    [InlineData("Z01ABC123", OrganIdForm.Other)]
    [InlineData("0100109106", OrganIdForm.Registration)]
    [InlineData("0100109106-001", OrganIdForm.Registration)]
    [InlineData("28.22.H17", OrganIdForm.Odd)]
    [InlineData("01.02.G22", OrganIdForm.Odd)]
    [InlineData("g22", OrganIdForm.Odd)]
    [InlineData("G12..1", OrganIdForm.Odd)]
    [InlineData("Z01", OrganIdForm.Odd)]
    public void Each_code_has_its_form_and_is_kept_as_received(string text, OrganIdForm form)
    {
        var id = OrganId.Parse($" {text} ");

        Assert.Equal((text, form), (id.Text, id.Form));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("...")]
    [InlineData("G12 18")]
    [InlineData("G12,18")]
    [InlineData("../G12")]
    [InlineData("Đ12")]
    [InlineData("G12.111111111111111111111111111111111")]
    public void What_no_code_can_be_is_refused(string? text)
    {
        Assert.False(OrganId.TryParse(text, out _));
        Assert.Equal(AxisFault.BadOrganId, Assert.Throws<AxisException>(() => OrganId.Parse(text)).Fault);
    }

    [Fact]
    public void The_longest_code_has_35_characters() =>
        Assert.Equal(35, OrganId.Parse("G12." + new string('1', 31)).Text.Length);

    [Theory]
    [InlineData("G12.1", "G12.1", true)]
    [InlineData("G12.1.4", "G12.1", true)]
    [InlineData("G12.1.4", "G12", true)]
    [InlineData("G12.18", "G12.1", false)]
    [InlineData("G12", "G12.1", false)]
    [InlineData("G121", "G12", false)]
    [InlineData("000.00.18.G12", "G12", false)]
    [InlineData("000.00.18.G12", "000.00.00.G12", false)]
    [InlineData("000.00.18.G12", "000.00.18.G12", true)]
    [InlineData("Z01AB", "Z01A", false)]
    [InlineData("Z01A.B", "Z01A", false)]
    [InlineData("Z01A", "Z01A", true)]
    [InlineData("28.22.H17", "28.22", false)]
    public void A_route_reaches_whole_groups_only(string unit, string route, bool reached) =>
        Assert.Equal(reached, OrganId.Parse(unit).IsBehind(OrganId.Parse(route)));

    [Fact]
    public void The_two_forms_of_one_unit_are_two_codes() =>
        Assert.NotEqual(OrganId.Parse("000.00.18.G12"), OrganId.Parse("G12.18"));
}
